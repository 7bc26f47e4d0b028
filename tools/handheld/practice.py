"""A platform to practise with, for a person who brings no profile."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import trustme

from tools.emulator.testing import RunningEmulator, running_emulator
from tools.handheld.image import ImageError
from tools.handheld.options import Options
from tools.profile import Sections, template

SUPERVISOR_PIN = "2580"  # of a device that nobody's miles are on
# A checkout does not earn by itself here, so that key 5 shows it alone.
_PRACTICE: Sections = {
    "issuance": {"family": "amrp", "at_checkout": False, "taxes": [["HST", "13"]]},
    "supervisor": {"pin": SUPERVISOR_PIN},
}

# For a till on this desk: everybody may know it.
TILL_KEY, TILL_PASSPHRASE = "practice", "practice till"
TILL_HOST = "localhost"  # whom the pad's certificate is for
TILL_AUTHORITY = "till-authority.pem"  # whose it is, in the same folder as the profile


@contextlib.contextmanager
def practising(
    options: Options, folder: Path
) -> Iterator[tuple[Options, RunningEmulator | None]]:
    """The options, and the emulated platform that runs meanwhile: None with a profile.

    Without a profile the options get that of the emulated platform, written into `folder`. A
    flash image that is kept has its platform beside it, so that their ledgers stay of one day:
    ImageError where there is no folder for them.
    """
    if options.profile is not None:
        yield options, None
        return
    if options.flash and not options.flash.parent.is_dir():
        raise ImageError(f"flash image {options.flash}: {os.strerror(errno.ENOENT)}")
    kept = options.flash and options.flash.with_name(options.flash.name + ".platform")
    with running_emulator(magic=True, **({"state": kept} if kept else {})) as emulator:
        profile = folder / "profile.toml"
        changes: Sections = {**_PRACTICE, "cashier": {"language": options.language}}
        if options.till != "off":
            changes = {**changes, "till": _till(options.till, folder)}
        profile.write_text(template.for_platform(emulator, changes), "utf-8")
        yield replace(options, profile=profile), emulator


def _till(mode: str, folder: Path) -> dict[str, object]:
    """The section of a PIN pad that a till on this desk drives, its certificate beside it."""
    section = {"mode": mode, "passphrase": TILL_PASSPHRASE, "key_identifier": TILL_KEY}
    if mode != "https":
        return {**section}
    authority = trustme.CA()
    issued = authority.issue_cert(TILL_HOST, key_type=trustme.KeyType.ECDSA)
    authority.cert_pem.write_to_path(str(folder / TILL_AUTHORITY))
    issued.cert_chain_pems[0].write_to_path(str(folder / "till.pem"))
    issued.private_key_pem.write_to_path(str(folder / "till.key"))
    return {**section, "certificate": "till.pem", "private_key": "till.key"}
