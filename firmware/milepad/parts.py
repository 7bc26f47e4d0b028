"""What a device is made of, made once at start-up: profile, ledger, session and till.

The app forgets this module when it is done, so that its code's heap is free again.
"""

import json

from milepad.base.compat import forget, sha256
from milepad.base.errors import ProfileError

_MAX_FILE_BYTES = 8192
_LEDGER_CAPACITY = 2000


def make_till(board, terminal, profile: dict):
    """The till of a board with a checked profile. Raises MilepadError."""
    from milepad.ledger.ledger import Ledger
    from milepad.ledger.trace_ids import TraceIds, prefix_of
    from milepad.workflows.till import Till

    store = board.ledger_store()
    ledger = Ledger(store, _LEDGER_CAPACITY)
    device = profile["device"]
    prefix = prefix_of(
        profile["partner"]["store_id"], device["device_id"], device["trace_prefix"]
    )
    time = board.time
    time.keep_with(ledger)
    # Of a provisional time, the same for every device of a build, ids would repeat.
    trace_ids = TraceIds(store, prefix, time.now_s() if time.is_set() else 0)
    session = _session(board, profile, store)
    till = Till(terminal, session, ledger, trace_ids, profile, time)
    till.log = board.log
    return till


def _session(board, profile: dict, store):
    from milepad.link.reply_date import DatedClient
    from milepad.link.session import Session
    from milepad.link.token import TokenKeeper
    from milepad.link.token_store import TokenStore

    platform = profile["platform"]
    times_ms = [platform[key] * 1000 for key in ("connect_s", "reply_s", "idle_s")]
    client = board.client(read_file(board.files, "ca.der"), *times_ms)
    client = DatedClient(client, board.time)
    kept = TokenStore(store, sha256(board.unique_id))
    token = TokenKeeper(client, platform, kept, board.time.now_s)
    return Session(client, token, platform["base_url"], platform["match_trace_id"])


def load_profile(files) -> dict:
    """The checked profile of the flash, with its secrets filled in. Raises ProfileError."""
    from milepad.profile.check import check

    document = _json(files, "profile.json")
    secrets = _json(files, "secret.json")
    try:
        document["platform"]["client_secret"] = secrets["client_secret"]
        document["network"]["password"] = secrets.get("wifi_password", "")
    except (KeyError, TypeError):
        raise ProfileError("secret.json: expected client_secret")
    checked = check(document)
    # The rules are needed once: without them there is more room for a checkout.
    forget("milepad.profile.check", "milepad.profile.schema")
    return checked


def _json(files, name: str):
    try:
        return json.loads(read_file(files, name).decode())
    except (ValueError, RuntimeError):
        raise ProfileError(name + ": expected JSON")


def read_file(files, name: str) -> bytes:
    """A small file of the flash. Raises ProfileError when it is missing or too large."""
    try:
        size = files.stat(name)[6]
        with files.open(name, "rb") as file:
            raw = file.read(min(size, _MAX_FILE_BYTES) + 1)
    except OSError:
        raise ProfileError(name + " is missing")
    if len(raw) > _MAX_FILE_BYTES:
        raise ProfileError(name + " is too large")
    return raw
