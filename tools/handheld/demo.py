"""A scripted piece of a shift, played: `python -m tools.handheld.demo`.

Starts the emulated platform and a simulated handheld, drives the handheld through its
public JSON interface, and prints every screen and slip with a line on what the cashier
does. Exit 0 only if all of it happened, on the platform's ledger as well.
"""

from __future__ import annotations

import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from milepad import words
from tools import program, shell
from tools.emulator.testing import RunningEmulator, running_emulator
from tools.handheld import demo_earning
from tools.handheld.client import HandheldClient, HandheldError
from tools.handheld.firmware import Interpreter
from tools.handheld.options import Language
from tools.profile import template

COLLECTOR = "84095202006"


@dataclass(frozen=True, kw_only=True)
class Options:
    """How the script is played."""

    language: Annotated[Language, Parameter(help="of the cashier and the slips")] = "en-CA"
    interpreter: Annotated[
        Interpreter | None,
        Parameter(help="what runs the firmware; MicroPython, where it is there"),
    ] = None
    refund: Annotated[
        bool, Parameter(negative="--no-refund", help="and takes the redemption back")
    ] = True


_AS_USUAL = Options()


class DemoError(Exception):
    """Something that the demo promises did not happen."""


class Stage:
    """Prints what happens, as it happens; lines of two threads never mix."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._fault = ""
        self._colour = sys.stdout.isatty()

    def say(self, text: str) -> None:
        """What the cashier does. DemoError when it cannot be told any more."""
        self._check()
        mark = f"\033[1;36m▸ {text}\033[0m" if self._colour else f"> {text}"
        self._print("", mark)
        self._check()

    def event(self, event: dict[str, Any]) -> None:
        """A screen, a slip, how many earnings wait, or a line of the log."""
        if "screen" in event:
            self._print(*boxed(event["screen"], 20, "┌─┐│└─┘"))
        elif "slip" in event:
            self._print(*boxed(event["slip"]["lines"], 32, "╭┄╮┊╰┄╯"))
        elif "queue" in event:
            self._print(f"  queue: {event['queue']['count']}")
        elif "log" in event:
            self._print(f"  log: {event['log']}")

    def _check(self) -> None:
        if self._fault:
            raise DemoError(self._fault)

    def _print(self, *lines: str) -> None:
        with self._lock:
            try:
                program.say("\n".join(lines))
            except program.OutputError as fault:  # what is left goes nowhere
                gone = isinstance(fault.__cause__, BrokenPipeError)  # as after `| head`
                self._fault = (
                    "nobody reads what is printed: stopped" if gone else str(fault)
                )


def boxed(lines: list[str], width: int, frame: str) -> list[str]:
    """Lines in a box; `frame` is its seven characters, the side in the middle."""
    width = max([width, *map(len, lines)])
    left, top, right, side, low_left, low, low_right = tuple(frame)
    body = [f"  {side} {line:<{width}} {side}" for line in lines]
    return [
        f"  {left}{top * (width + 2)}{right}",
        *body,
        f"  {low_left}{low * (width + 2)}{low_right}",
    ]


def checkout(handheld: HandheldClient, say: Stage, texts: dict[str, str]) -> str:
    """Basket, card, offer, redemption; returns the customer's slip as text."""
    handheld.wait_screen(texts["menu_checkout"])
    say.say("The basket is $43.35. The cashier presses 1 for a checkout ...")
    handheld.press("1")
    handheld.wait_screen(texts["basket_total"])
    say.say("... keys the total, 4335, and ENTER.")
    handheld.press("4335", "ENTER")
    handheld.wait_screen(texts["card"])
    say.say(f"The collector's card is scanned: {COLLECTOR}.")
    handheld.scan(COLLECTOR)
    handheld.wait_screen(texts["redeem"])
    say.say("AIR MILES offers $40.00. ENTER redeems it.")
    handheld.press("ENTER")
    handheld.wait_screen(texts["approved"])
    text = handheld.wait_slip().text
    handheld.wait_screen(texts["enter"])
    handheld.press("ENTER")
    handheld.wait_screen(texts["menu_checkout"])
    return text


def refund(handheld: HandheldClient, say: Stage, texts: dict[str, str], number: str) -> str:
    """The redemption is taken back by its confirmation number; returns the slip as text."""
    before = len(handheld.slips)
    say.say(
        "The collector brings it all back. 3 is a refund; the slip's barcode is scanned."
    )
    handheld.press("3")
    handheld.wait_screen(texts["confirmation"])
    handheld.scan(number)
    handheld.wait_screen(texts["card"])
    say.say("The card is scanned again ...")
    handheld.scan(COLLECTOR)
    handheld.wait_screen(texts["yes_no"])
    say.say("... and ENTER reverses the redemption.")
    handheld.press("ENTER")
    handheld.wait_screen(texts["refunded"])
    handheld.wait_screen(texts["go_on"])
    handheld.press("ENTER")
    handheld.wait_screen(texts["menu_checkout"])
    return demo_earning.slip_after(handheld, before)


def _expect(happened: bool, what: str) -> None:
    if not happened:
        raise DemoError(f"this did not happen: {what}")


def _entries(emulator: RunningEmulator, kind: str) -> list[dict[str, Any]]:
    return [entry for entry in emulator.ledger() if entry["kind"] == kind]


def play(
    emulator: RunningEmulator, handheld: HandheldClient, say: Stage, options: Options
) -> None:
    """The whole script; DemoError or HandheldError at the first thing that does not happen."""
    texts = words.table(options.language)
    slip = checkout(handheld, say, texts)
    redeemed = _entries(emulator, "redemption")
    amounts = [entry["dollars"] for entry in redeemed]
    _expect(amounts == ["40.00"], "the platform committed one redemption, of $40.00")
    number = str(redeemed[0]["confirmation"])
    _expect(number in slip, "the slip shows the platform's confirmation number")
    shown = any(
        number in row for event in handheld.events for row in event.get("screen", [])
    )
    _expect(shown, "a screen shows the platform's confirmation number")
    if options.refund:
        refund(handheld, say, texts, number)
        _expect(
            len(_entries(emulator, "reversal")) == 1,
            "the platform took the redemption back",
        )
    _play_earning(emulator, handheld, say, options.language)
    _expect(not handheld.complaints, "no chip complained")


def _play_earning(
    emulator: RunningEmulator, handheld: HandheldClient, say: Stage, language: Language
) -> None:
    """A sale that redeems and earns, then one that earns while there is no Wi-Fi."""
    texts = words.table(language)
    before = len(demo_earning.issued(emulator))
    slip = demo_earning.redeem_and_earn(handheld, say, texts, language)
    found = demo_earning.issued(emulator)[before:]
    _expect(
        [each["post_tax"] for each in found] == ["43.35"], "what was left to pay earned"
    )
    _expect(
        words.slip_text("redemption", language) in slip
        and words.slip_text("count_earned", language) in slip,
        "one slip tells of the redemption and of the miles",
    )
    slip = demo_earning.earn_without_wifi(handheld, say, texts)
    _expect(
        words.slip_text("later_earned", language) in slip,
        "the slip says that the miles will be added",
    )
    _expect(
        len(demo_earning.issued(emulator)) == before + 1,
        "nothing reached the platform without Wi-Fi",
    )
    demo_earning.back_on_line(handheld, say)
    found = demo_earning.issued(emulator)[before + 1 :]
    _expect([each["post_tax"] for each in found] == ["57.98"], "the queue sent it, once")
    _expect(found[0]["trace_id"] in slip, "the slip's trace id is the one that was issued")
    say.say(f"AIR MILES has issued {sum(each['miles'] for each in found)} more.")


@contextmanager
def handheld_for(
    emulator: RunningEmulator, say: Stage, options: Options
) -> Iterator[HandheldClient]:
    """A handheld whose profile names the emulated platform."""
    with tempfile.TemporaryDirectory(prefix="milepad-demo-") as folder:
        profile = Path(folder) / "profile.toml"
        changes = {"cashier": {"language": options.language}, **demo_earning.PROFILE}
        profile.write_text(template.for_platform(emulator, changes), "utf-8")
        command = ["--interpreter", options.interpreter] if options.interpreter else []
        with HandheldClient(
            profile, Path(folder) / "flash.img", command, say.event
        ) as handheld:
            yield handheld


def main(words: list[str] | None = None) -> int:
    """Plays the script; 0 if all of it happened."""
    return shell.run("tools.handheld.demo", _play, words, about=__doc__)


def _play(options: Annotated[Options, Parameter(name="*")] = _AS_USUAL) -> int:
    say = Stage()
    try:
        with (
            program.stopping_signals(),
            running_emulator() as emulator,
            handheld_for(emulator, say, options) as handheld,
        ):
            play(emulator, handheld, say, options)
        say.say("All of it happened, on the platform's ledger as well.")
    except (DemoError, HandheldError, RuntimeError) as fault:
        program.complain("demo", fault)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(program.run("demo", main))
