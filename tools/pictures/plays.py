"""What is done at the handheld for its pictures: the same keys in every language.

A word is a key, `4335` four of them; `scan:…`, `swipe:…` a card; `slip` the last barcode
scanned back; `wifi-`, `paper+` and the like what stands around; `fault:op:name[:seconds]` an
order to the platform (with a number or a code); `later:8000` so many seconds pass while the
device is off; `{…}` an event as the headless handheld takes it; `cut` and `power`. After each
word but one with `@` the screen is waited for. Each list is played on a device of its own,
beside the others.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tools.folders import ROOT
from tools.profile import Sections

CARD = "84095202006"
_OFFER = f"1 4335 ENTER scan:{CARD}"
_REFUSING = (2, 5, 6, 8, 9, 25, 35, 51, 57, 65, 66, 67, 80, 92, 96)

# Codes on INQUIRE by magic amounts below $100.00: the last three digits are 9 and the code's.
_BY_CODE = [f"1 29{code:02d} ENTER scan:{CARD} CANCEL CANCEL" for code in _REFUSING]

CASH = [
    "1 CANCEL 4 1 CANCEL CANCEL",
    "4 2 2 CANCEL CANCEL CANCEL",
    "1 ENTER 99999999 ENTER CLEAR CANCEL",
    f"{_OFFER} DOWN UP ENTER ENTER",
    "3 slip scan:81000000010 CANCEL CANCEL CANCEL",
    "3 slip scan:84095202006 ENTER ENTER",
    "3 slip CANCEL CANCEL",
    "3 scan:84095202006 CANCEL CANCEL",
    "3 00000012345 ENTER scan:84095202006 ENTER ENTER CANCEL CANCEL",
    f"2 scan:{CARD} ENTER",
    "2 scan:81000000027 ENTER CANCEL",
    "1 2000 ENTER 84095202006 ENTER ENTER CANCEL CANCEL",
    "1 500 ENTER scan:84095202006 ENTER CANCEL",
    "1 2000 ENTER scan:81000000066 ENTER CANCEL",
    "1 2000 ENTER scan:81000000041 ENTER CANCEL",
    "1 2000 ENTER scan:81000000073 ENTER CANCEL",
    "1 2000 ENTER scan:81000000080 ENTER CANCEL",
    "1 2000 ENTER scan:84095202007 ENTER CANCEL CANCEL",
    "1 2000 ENTER swipe:;4500111122223333=9912? CANCEL CANCEL",
    "1 2000 ENTER swipe:;E? CANCEL CANCEL",
]
REFUSED = [
    *_BY_CODE,
    f"fault:inquire:code:0099 1 2000 ENTER scan:{CARD} CANCEL CANCEL",
    f"fault:inquire:expire_token fault:token:html_502:9 1 2000 ENTER scan:{CARD} CANCEL CANCEL",
    f"fault:token:code:invalid_client 1 2000 ENTER scan:{CARD} CANCEL CANCEL",
    f"fault:token:html_502:9 1 2000 ENTER scan:{CARD} CANCEL CANCEL",
]
TROUBLE = [
    f"1 2000 ENTER fault:inquire:delay:2 scan:{CARD} fault:redeem:delay:2 ENTER ENTER",
    f"3 slip fault:reverse:delay:2 scan:{CARD} ENTER ENTER",
    f"{_OFFER} fault:redeem:drop_before_commit fault:redeem:drop_before_commit ENTER ENTER CANCEL",
    f"{_OFFER} ENTER CANCEL CANCEL CANCEL",
    f"wifi- 1 4035 ENTER scan:{CARD} CANCEL CANCEL wifi+",
    "1 2000 ENTER . CANCEL CANCEL",
    "2 84095202007 ENTER CANCEL CANCEL",
    "4 2 3 CANCEL CANCEL CANCEL",
]
PAPER = [
    f"1 3000 ENTER scan:{CARD} paper- ENTER ENTER paper+ ENTER ENTER CANCEL",
    f"1 2000 ENTER scan:{CARD} cover- ENTER ENTER cover+ ENTER ENTER CANCEL",
    "4 1 ENTER CANCEL CANCEL",
    "4 2 1 ENTER CANCEL CANCEL CANCEL",
    "4 2 2 DOWN UP CANCEL CANCEL CANCEL",
    "4 3 ENTER CANCEL CANCEL",
    "4 0 DOWN DOWN DOWN CANCEL CANCEL CANCEL",
]
INTERRUPTED = [
    f"1 3435 ENTER scan:{CARD} fault:redeem:delay:3 @ENTER cut power 9 ENTER ENTER",
    f"1 3535 ENTER scan:{CARD} fault:redeem:delay:3 @ENTER cut power 7 ENTER ENTER",
    f"1 3335 ENTER scan:{CARD} fault:redeem:delay:3 @ENTER cut power 0",
    "4 2 1 CANCEL CANCEL CANCEL",
    "4 2 3 CANCEL CANCEL CANCEL",
    f"{_OFFER} ENTER ENTER",
    f"3 slip scan:{CARD} fault:reverse:delay:3 @ENTER cut power 0",
    f"3 slip scan:{CARD} fault:reverse:drop_before_commit:2 ENTER ENTER",
]

# What is not known for sure; the first confirmation number of a platform is always the same.
UNSURE = [
    "4 fault:echo:delay:2 3 CANCEL CANCEL CANCEL",
    f"fault:inquire:drop_before_commit:2 2 scan:{CARD} ENTER CANCEL",
    "wifi- 4 3 CANCEL CANCEL CANCEL wifi+",
    f"{_OFFER} ENTER ENTER",
    f"3 slip fault:reverse:drop_after_commit:2 scan:{CARD} ENTER ENTER ENTER CANCEL",
    f"3 03007368806 ENTER 00 scan:{CARD} ENTER ENTER ENTER CANCEL",
    f"1 3535 ENTER scan:{CARD} paper- @ENTER cut paper+ power CANCEL",
    f"1 3335 ENTER scan:{CARD} fault:redeem:delay:3 @ENTER cut power wifi- 7 ENTER 0 wifi+",
    f"1 3435 ENTER scan:{CARD} fault:redeem:delay:3 @ENTER cut power "
    "fault:redeem:html_502:9 7 ENTER ENTER cut power CANCEL",
    f"fault:inquire:expire_token fault:token:code:too_many_requests 1 2000 ENTER scan:{CARD} "
    "CANCEL CANCEL",
]
TIMELESS = [
    f"{_OFFER} ENTER ENTER",
    '{"ntp":"absent"} wifi- cut power CANCEL 4 2 1 CANCEL CANCEL CANCEL',
    "4 0 DOWN DOWN CANCEL CANCEL CANCEL wifi+",
    f'1 2000 ENTER scan:{CARD} fault:redeem:delay:3 {{"ntp":"absent"}} @ENTER cut wifi- power 0',
]

SUPERVISOR_PIN = "2580"
EARNING = [
    "1 CANCEL",
    f"5 5000 ENTER 5650 ENTER fault:issue:delay:2 scan:{CARD} ENTER ENTER",
    "3 slip CANCEL CANCEL",
    "5 5000 ENTER 4000 ENTER 5650 ENTER 00 CANCEL",
    "6 slip fault:return:delay:2 00 2000 ENTER 2260 ENTER ENTER ENTER",
    "6 slip ENTER ENTER ENTER",
    "6 slip CANCEL CANCEL",
    "6 000000000012 ENTER CANCEL CANCEL",
    f"1 4335 ENTER scan:{CARD} ENTER ENTER ENTER",
    f"1 500 ENTER scan:{CARD} ENTER ENTER ENTER",
    f"wifi- 5 5000 ENTER 5650 ENTER scan:{CARD} ENTER ENTER",
    f"4 5 UP 9 1111 ENTER {SUPERVISOR_PIN} ENTER 00 CANCEL CANCEL",
    "wifi+",
    f"fault:issue:pending 5 5000 ENTER 5650 ENTER scan:{CARD} ENTER ENTER",
    f"fault:issue:code:400 5 5000 ENTER 5650 ENTER scan:{CARD} ENTER ENTER",
    "4 5 9 1111 ENTER 1111 ENTER 1111 ENTER 1111 ENTER CANCEL CANCEL CANCEL",
    "4 2 1 DOWN DOWN DOWN ENTER CANCEL CANCEL CANCEL",
    "wifi- 6 slip ENTER ENTER wifi+",
]
_EARN = f"5 5000 ENTER 5650 ENTER scan:{CARD} ENTER ENTER"
HELD = [
    f"fault:issue:drop_before_commit:99 {_EARN} {_EARN} 4 5 DOWN 7 ENTER CANCEL CANCEL "
    "later:8000 cut power CANCEL 4 CANCEL later:300000 cut power CANCEL 4 CANCEL",
    f"fault:issue:drop_before_commit:99 4 5 9 {SUPERVISOR_PIN} ENTER 00 ENTER CANCEL CANCEL",
]
BOTH = [
    f"fault:redeem:drop_before_commit:2 {_OFFER} ENTER ENTER ENTER ENTER CANCEL",
    f"1 3435 ENTER scan:{CARD} ENTER ENTER ENTER",
    "6 slip ENTER ENTER ENTER ENTER",
    f"1 3535 ENTER scan:{CARD} ENTER ENTER ENTER",
    f"3 slip scan:{CARD} ENTER ENTER ENTER",
]
RECORDING = [
    f"5 5000 ENTER 5650 ENTER fault:calculate:delay:2 scan:{CARD} ENTER ENTER",
    "5 5000 ENTER 5650 ENTER 00 ENTER ENTER",
    "wifi- 5 5000 ENTER 5650 ENTER 00 ENTER ENTER wifi+",
    "fault:record:code:400 5 5000 ENTER 5650 ENTER 00 ENTER ENTER ENTER",
]
BONUS = [
    f"5 5000 ENTER 5650 ENTER scan:{CARD} ENTER 1 2 ENTER ENTER ENTER CANCEL CANCEL",
    f"5 5 ENTER 6 ENTER scan:{CARD} 1 ENTER ENTER ENTER CANCEL CANCEL",
    f"6 000000000012 ENTER 00 {SUPERVISOR_PIN} ENTER 5000 ENTER 5650 ENTER 5 ENTER "
    f"scan:{CARD} ENTER ENTER CANCEL CANCEL CANCEL",
]
AWAY = [f"1 2000 ENTER scan:{CARD} CANCEL CANCEL", "4 3 ENTER CANCEL CANCEL"]

PARTNER = [
    f"4 6 {SUPERVISOR_PIN} ENTER 1 50 ENTER scan:{CARD} 1 ENTER ENTER",
    f"4 6 {SUPERVISOR_PIN} ENTER 2 20 ENTER scan:{CARD} 2 ENTER ENTER",
]
TILL = ["ENTER CANCEL"]

_SHOP: dict[str, object] = {"at_checkout": True, "taxes": [["HST", "13"]]}
_SUPERVISOR: dict[str, dict[str, object]] = {"supervisor": {"pin": SUPERVISOR_PIN}}
_AMRP: Sections = {"issuance": {"family": "amrp", **_SHOP}, **_SUPERVISOR}
_PARTNER: Sections = {"issuance": {"family": "partner", **_SHOP}, **_SUPERVISOR}
_OFFERS = str(ROOT / "tools" / "handheld" / "offers.toml")
_BONUS: Sections = {
    "issuance": {"family": "partner", **_SHOP, "offers": _OFFERS},
    **_SUPERVISOR,
}
_RECORDS: Sections = {
    "issuance": {"family": "amrp", "calculate": True, "record_without_card": True}
}
_TILL: Sections = {
    "till": {"mode": "tcp", "passphrase": "practice till", "key_identifier": "practice"}
}
_NOWHERE: Sections = {
    "platform": {
        "base_url": "https://localhost:1",
        "token_url": "https://localhost:1/oauth/token",
    }
}


@dataclass(frozen=True)
class Play:
    """What is done at one device, the sections of its profile, and its first screen's message."""

    lines: list[str]
    sections: Sections = field(default_factory=dict)
    begins: str = "menu_checkout"


PLAYS = [
    Play(CASH),
    Play(REFUSED),
    Play(TROUBLE),
    Play(PAPER),
    Play(INTERRUPTED),
    Play(UNSURE),
    Play(TIMELESS),
    Play(EARNING, _AMRP),
    Play(HELD, _AMRP),
    Play(BOTH, _AMRP),
    Play(PARTNER, _PARTNER),
    Play(BONUS, _BONUS),
    Play(RECORDING, _RECORDS),
    Play(AWAY, _NOWHERE),
    Play(TILL, _TILL, begins="till"),
]
