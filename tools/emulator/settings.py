"""Every choice that the library leaves open, as a named setting with its default.

Each setting is a command-line option of the same name (`daily_cap_dollars` is
`--daily-cap-dollars`). The comments say where the default comes from.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from cyclopts import Parameter, Token

from tools.emulator.clock import parse_moment, parse_zone


class SetupError(Exception):
    """The program cannot start; the text names the option or the file, and why."""


def _help(text: str) -> Parameter:
    return Parameter(help=text)


def _number(text: str, least: int) -> Parameter:
    def check(_: object, value: float) -> None:
        # Written so that NaN fails too.
        if not value >= least:
            raise ValueError(f"expected at least {least}")

    return Parameter(help=text, validator=check)


def _percent(text: str) -> Parameter:
    def check(_: object, value: int) -> None:
        if value not in range(101):
            raise ValueError("expected a percentage from 0 to 100")

    return Parameter(help=text, validator=check)


def _hour(text: str) -> Parameter:
    def check(_: object, value: int) -> None:
        if value not in range(24):
            raise ValueError("expected an hour from 0 to 23")

    return Parameter(help=text, validator=check)


def _text(text: str) -> Parameter:
    """Text, whatever the locale: the words may hold bytes that it could not read."""

    def read(_: object, tokens: Sequence[Token]) -> str:
        try:
            return os.fsencode(tokens[0].value).decode("utf-8")
        except UnicodeError:
            raise ValueError("expected UTF-8") from None

    return Parameter(help=text, converter=read)


def _is_moment(_: object, text: str) -> None:
    if text:
        parse_moment(text)


def _moment(text: str) -> Parameter:
    """A moment in ISO 8601, or none."""
    return Parameter(help=text, validator=_is_moment)


def _is_zone(_: object, text: str) -> None:
    parse_zone(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How this platform behaves."""

    # Limits. 95 miles and $10 are stated; $750 is the library's "standard default".
    unit_miles: Annotated[int, _number("miles of one unit", 1)] = 95
    unit_dollars: Annotated[int, _number("dollars of one unit", 1)] = 10
    daily_cap_dollars: Annotated[
        int, _number("dollars a collector may redeem a day", 0)
    ] = 750
    # 3:00 AM EST is stated; whether EST follows daylight time is not.
    zone: Annotated[
        str,
        _text("zone of the hours below: UTC-5 or America/Toronto"),
        Parameter(validator=_is_zone),
    ] = "UTC-5"
    reset_hour: Annotated[int, _hour("hour at which the daily allowance is renewed")] = 3
    reversal_hour: Annotated[int, _hour("hour at which reversals of earlier sales end")] = 3

    # The offer that every collector gets.
    offer_id: Annotated[str, _text("offerId")] = "1111111111"
    offer_type: Annotated[Literal["RGL", "SPL"], _help("offerType")] = "RGL"
    offer_desc_en: Annotated[str, _text("offerDescEn")] = "Save $10 now with 95 Cash Miles."
    offer_desc_fr: Annotated[str, _text("offerDescFr")] = (
        "Économisez 10 $ dès maintenant à la caisse grâce à 95 milles Argent."
    )

    # Where the library can be read in two ways.
    manual_inquiry: Annotated[
        Literal["approve", "refuse"], _help("MANUAL inquiry: no offer or 0009")
    ] = "approve"
    manual_reverse: Annotated[
        Literal["refuse", "approve"], _help("MANUAL reversal: 0009 or done")
    ] = "refuse"
    not_a_multiple: Annotated[
        Literal["refuse", "round_down"],
        _help("a dollarRedeemRequest of broken units: 0035 or less"),
    ] = "refuse"
    low_balance_inquiry: Annotated[
        Literal["approve", "refuse"],
        _help("inquiry with less than a unit: 0000 without an offer, or 0051"),
    ] = "approve"
    suppressed_balances: Annotated[
        Literal["send", "omit"], _help("balances in replies with 0001 and 0005")
    ] = "send"
    reversal_confirmation: Annotated[
        Literal["own", "original"], _help("txnConfirmationNumber of a reversal")
    ] = "own"
    unknown_members: Annotated[
        Literal["refuse", "ignore"], _help("request fields nobody knows")
    ] = "refuse"

    # Issuance. What is typical of the programme: a mile for $20 before tax.
    issuance_dollars_per_mile: Annotated[
        int, _number("dollars before tax that earn a mile where the platform computes", 1)
    ] = 20
    issuance_cash_percent: Annotated[
        int, _percent("how much of what is earned is Cash Miles; the rest is Dream Miles")
    ] = 100
    # That amounts tie is so in the sample, and no stated rule.
    issuance_untied: Annotated[
        Literal["refuse", "accept"], _help("totals that do not tie: 400 or done")
    ] = "refuse"
    # Two at once are stated to fail for ISSUE and RETURN; with which status is not.
    issuance_parallel: Annotated[
        Literal["all", "stated", "off"],
        _help("which operations never run twice at once for a collector"),
    ] = "all"
    issuance_parallel_status: Annotated[
        Literal[400, 409, 500], _help("status of the second of two at once")
    ] = 500
    # Nothing is published about the rest.
    issuance_pending_s: Annotated[
        float, _number("seconds until miles that were accepted with 202 are posted", 0)
    ] = 300.0
    issuance_below_zero: Annotated[
        Literal["allow", "refuse"], _help("a withdrawal of more than there is: done or 400")
    ] = "allow"
    issuance_balances: Annotated[
        Literal["send", "omit"], _help("balances in replies, unless they are hidden")
    ] = "send"
    issuance_max_miles: Annotated[int, _number("miles of one request at most", 1)] = 100_000
    issuance_max_items: Annotated[int, _number("lines of one bill at most", 0)] = 500
    issuance_max_age_hours: Annotated[
        float, _number("hours that a sale may be old (400 after that); -1: any", -1)
    ] = -1.0

    # A test's and a demonstration's own: which baskets ask for which code is in /docs.
    magic: Annotated[bool, _help("baskets such as 49.51 get the code that they spell")] = (
        False
    )

    # What the library does not say.
    certificate_from: Annotated[
        str, _moment("since when the server's certificate is valid (empty: long ago)")
    ] = ""
    certificate_until: Annotated[
        str, _moment("until when the server's certificate is valid (empty: for ever)")
    ] = ""
    bearer_status: Annotated[Literal[401, 403], _help("status of a bad bearer")] = 401
    audience: Annotated[str, _text("the audience a token is for (empty: any)")] = ""
    token_lifetime: Annotated[int, _number("seconds that a token lives", 1)] = 86400
    retention_hours: Annotated[
        float, _number("hours that an idempotency key is remembered", 0)
    ] = 24.0
    self_cancel_s: Annotated[
        float,
        _number(
            "seconds until a redemption whose reply was lost is cancelled; -1: never", -1
        ),
    ] = 60.0
    keep_alive_s: Annotated[int, _number("seconds that an idle connection is kept", 1)] = 75
    host_name: Annotated[str, _text("name in the URL and in the certificate")] = "localhost"
