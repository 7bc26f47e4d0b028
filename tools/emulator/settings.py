"""Every choice that the library leaves open, as a named setting with its default.

Each setting is a command-line option of the same name (`daily_cap_dollars` is
`--daily-cap-dollars`). The comments say where the default comes from.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from tools.emulator.clock import parse_zone


class SetupError(Exception):
    """The program cannot start; the text names the option or the file, and why."""


def _choice(default: str, other: str, text: str) -> Any:
    return field(default=default, metadata={"help": text, "choices": (default, other)})


def _setting(default: float | str, text: str) -> Any:
    return field(default=default, metadata={"help": text})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How this platform behaves."""

    # Limits. 95 miles and $10 are stated; $750 is the library's "standard default".
    unit_miles: int = _setting(95, "miles of one unit")
    unit_dollars: int = _setting(10, "dollars of one unit")
    daily_cap_dollars: int = _setting(750, "dollars a collector may redeem a day")
    # 3:00 AM EST is stated; whether EST follows daylight time is not.
    zone: str = _setting("UTC-5", "zone of the hours below: UTC-5 or America/Toronto")
    reset_hour: int = _setting(3, "hour at which the daily allowance is renewed")
    reversal_hour: int = _setting(3, "hour at which reversals of earlier sales end")

    # The offer that every collector gets.
    offer_id: str = _setting("1111111111", "offerId")
    offer_type: str = _choice("RGL", "SPL", "offerType")
    offer_desc_en: str = _setting("Save $10 now with 95 Cash Miles.", "offerDescEn")
    offer_desc_fr: str = _setting(
        "Économisez 10 $ dès maintenant à la caisse grâce à 95 milles Argent.",
        "offerDescFr",
    )

    # Where the library can be read in two ways.
    manual_inquiry: str = _choice("approve", "refuse", "MANUAL inquiry: no offer or 0009")
    manual_reverse: str = _choice("refuse", "approve", "MANUAL reversal: 0009 or done")
    not_a_multiple: str = _choice(
        "refuse",
        "round_down",
        "a dollarRedeemRequest of broken units: 0035 or less",
    )
    low_balance_inquiry: str = _choice(
        "approve", "refuse", "inquiry with less than a unit: 0000 without an offer, or 0051"
    )
    suppressed_balances: str = _choice(
        "send", "omit", "balances in replies with 0001 and 0005"
    )
    reversal_confirmation: str = _choice(
        "own", "original", "txnConfirmationNumber of a reversal"
    )
    unknown_members: str = _choice("refuse", "ignore", "request fields nobody knows")

    # A test's and a demonstration's own: which baskets ask for which code is in /docs.
    magic: bool = _setting(False, "baskets such as 49.51 get the code that they spell")

    # What the library does not say.
    bearer_status: int = field(
        default=401, metadata={"help": "status of a bad bearer", "choices": (401, 403)}
    )
    audience: str = _setting("", "the audience a token is for (empty: any)")
    token_lifetime: int = _setting(86400, "seconds that a token lives")
    retention_hours: float = _setting(24.0, "hours that an idempotency key is remembered")
    self_cancel_s: float = _setting(
        60.0, "seconds until a redemption whose reply was lost is cancelled; -1: never"
    )
    keep_alive_s: int = _setting(75, "seconds that an idle connection is kept")
    host_name: str = _setting("localhost", "name in the URL and in the certificate")


def _text(word: str) -> str:
    """A word of the command line as text, whatever the locale; ValueError if not UTF-8."""
    try:
        word.encode("utf-8")
    except UnicodeEncodeError:  # it holds bytes that the locale could not read
        return os.fsencode(word).decode("utf-8")
    return word


_text.__name__ = "UTF-8 text"


def add_options(parser: argparse.ArgumentParser) -> None:
    """One option for each setting."""
    for each in fields(Settings):
        option = _option(each.name)
        if isinstance(each.default, bool):
            parser.add_argument(option, action="store_true", help=each.metadata["help"])
            continue
        parser.add_argument(
            option,
            type=_text if isinstance(each.default, str) else type(each.default),
            default=each.default,
            choices=each.metadata.get("choices"),
            help=f"{each.metadata['help']} (default {each.default})".replace("%", "%%"),
        )


def from_options(options: argparse.Namespace) -> Settings:
    """The settings that the options ask for. Raises SetupError with the option's name."""
    settings = Settings(
        **{each.name: getattr(options, each.name) for each in fields(Settings)}
    )
    _at_least(settings, 1, ("unit_miles", "unit_dollars", "token_lifetime", "keep_alive_s"))
    _at_least(settings, 0, ("daily_cap_dollars", "retention_hours"))
    _at_least(settings, -1, ("self_cancel_s",))
    for name in ("reset_hour", "reversal_hour"):
        if not 0 <= getattr(settings, name) <= 23:
            raise SetupError(f"{_option(name)}: expected an hour from 0 to 23")
    try:
        parse_zone(settings.zone)
    except ValueError as error:
        raise SetupError(f"--zone: {error}") from error
    return settings


def _at_least(settings: Settings, least: int, names: Sequence[str]) -> None:
    for name in names:
        # Written so that NaN fails too.
        if not getattr(settings, name) >= least:
            raise SetupError(f"{_option(name)}: expected at least {least}")


def _option(name: str) -> str:
    return "--" + name.replace("_", "-")
