"""What is done at the handheld for its pictures: the same keys in every language.

A word is a key, `4335` four of them; `scan:…`, `swipe:…` a card; `slip` the last barcode
scanned back; `wifi-`, `paper+` and the like what stands around; `fault:op:name[:seconds]` an
order to the platform (with a number or a code); `cut` and `power`. After each word the
screen is waited for. Each list is played on a device of its own, beside the others.
"""

from __future__ import annotations

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
    "4 2 3 CANCEL CANCEL CANCEL",
    f"{_OFFER} ENTER ENTER",
    f"3 slip scan:{CARD} fault:reverse:delay:3 @ENTER cut power 0",
    f"3 slip scan:{CARD} fault:reverse:drop_before_commit:2 ENTER ENTER",
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
RECORDING = [
    f"5 5000 ENTER 5650 ENTER scan:{CARD} ENTER ENTER",
    "5 5000 ENTER 5650 ENTER 00 ENTER ENTER",
]

PARTNER = [
    f"4 6 {SUPERVISOR_PIN} ENTER 1 50 ENTER scan:{CARD} 1 ENTER ENTER",
    f"4 6 {SUPERVISOR_PIN} ENTER 2 20 ENTER scan:{CARD} 2 ENTER ENTER",
]
TILL = ["ENTER CANCEL"]

# What is done, and the sections of the profile that the device has for it.
_SHOP: dict[str, object] = {"at_checkout": True, "taxes": [["HST", "13"]]}
_SUPERVISOR: dict[str, dict[str, object]] = {"supervisor": {"pin": SUPERVISOR_PIN}}
_TILL: dict[str, object] = {
    "mode": "tcp",
    "passphrase": "practice till",
    "key_identifier": "practice",
}
PLAYS: list[tuple[list[str], dict[str, dict[str, object]]]] = [
    (CASH, {}),
    (REFUSED, {}),
    (TROUBLE, {}),
    (PAPER, {}),
    (INTERRUPTED, {}),
    (EARNING, {"issuance": {"family": "amrp", **_SHOP}, **_SUPERVISOR}),
    (PARTNER, {"issuance": {"family": "partner", **_SHOP}, **_SUPERVISOR}),
    (
        RECORDING,
        {"issuance": {"family": "amrp", "calculate": True, "record_without_card": True}},
    ),
    (TILL, {"till": _TILL}),
]
