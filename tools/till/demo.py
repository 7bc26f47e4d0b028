"""A till's sale, played: `python -m tools.till.demo`, or `make demo TILL=1`.

A cash register drives a simulated PIN pad over TCP, protected. It redeems $40.00 on $43.35
and falls over before the answer, learns it from the pad's status, earns on the rest, and
takes all of it back. Exit 0 only if all of it happened, in the platform's books as well.
"""

from __future__ import annotations

import contextlib
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from milepad import words
from tools import program, shell
from tools.emulator.testing import RunningEmulator, running_emulator
from tools.handheld.client import HandheldClient, HandheldError
from tools.handheld.demo import COLLECTOR, DemoError, Options, Stage
from tools.profile import template
from tools.till.commands import DONE, Commands
from tools.till.journal import Journal
from tools.till.links import LinkError, TcpLink
from tools.till.protection import Key
from tools.till.register import Identity, Till

_PASSPHRASE = "a practice passphrase"  # noqa: S105 - of an emulated shop
_KEY = "practice"
_DEVICE = "001"
_AS_USUAL = Options()


class TillStage(Stage):
    """Prints what the till shows as well."""

    def till(self, text: str) -> None:
        """A line of the till's screen."""
        self._print(f"  till: {text}")


@contextlib.contextmanager
def pad_for(
    emulator: RunningEmulator, folder: Path, say: Stage, options: Options
) -> Iterator[HandheldClient]:
    """A PIN pad whose sales redeem and earn."""
    profile = folder / "profile.toml"
    changes: dict[str, dict[str, object]] = {
        "cashier": {"language": options.language},
        "issuance": {"family": "amrp", "taxes": [["HST", "13"]]},
        "till": {"mode": "tcp", "passphrase": _PASSPHRASE, "key_identifier": _KEY},
    }
    profile.write_text(template.for_platform(emulator, changes), "utf-8")
    command = ["--interpreter", options.interpreter] if options.interpreter else []
    with HandheldClient(profile, folder / "flash.img", command, say.event) as pad:
        yield pad


@contextlib.contextmanager
def register_for(pad: HandheldClient, folder: Path, say: TillStage) -> Iterator[Commands]:
    """A cash register at that pad; made anew, it has its journal still."""
    link = TcpLink("127.0.0.1", pad.wait_till()["port"])
    key = Key.from_passphrase(_PASSPHRASE, _KEY)
    identity = Identity("TILL-1", _DEVICE)
    till = Till(link, Journal(folder / "till.sqlite"), identity, key, say.till)
    with contextlib.closing(till):
        yield Commands(till, say.till)


def play(pad: HandheldClient, register: Commands, say: TillStage, language: str) -> None:
    """The whole sale; DemoError, HandheldError or LinkError at what does not happen."""
    texts = words.table(language)
    pad.wait_screen(texts["till"])
    say.say("The cashier logs in at the till, and scans goods for $43.35 ($38.36 and HST).")
    _wanted(register.login(operator="12", french=language == "fr-CA"), "the login")
    register.item("43.35", "shoes", before_tax="38.36")
    say.say("The till asks the pad for $40.00, and falls over before it is answered.")
    register.redeem("40.00", lose=True)
    pad.wait_screen(texts["card"])
    say.say(f"The collector's card is scanned at the pad: {COLLECTOR}.")
    pad.scan(COLLECTOR)
    pad.wait_screen(texts["redeem"])
    say.say("The collector agrees with ENTER.")
    pad.press("ENTER")
    pad.wait_screen(texts["approved"])
    pad.wait_slip()
    say.say("The till is back. Its journal holds an open request: it asks for the status.")
    _wanted(register.recover(), "the recovery")
    say.say("The rest is paid, and earns.")
    _wanted(register.earn(), "the award")
    pad.wait_slip()
    say.say("The collector brings it all back: the miles first, then the discount.")
    _wanted(register.reverse(), "the award's reversal")
    _wanted(register.refund(), "the refund")


def check(emulator: RunningEmulator, pad: HandheldClient) -> None:
    """Whether the platform's books say the same. DemoError where they do not."""
    cash = [(entry["kind"], entry["dollars"]) for entry in emulator.ledger()]
    _expect([kind for kind, _ in cash] == ["redemption", "reversal"], "one of each")
    _expect(cash[0][1] == "40.00", "the platform committed a redemption of $40.00")
    issued = [(entry["op"], entry["post_tax"]) for entry in emulator.issuances()]
    _expect(
        issued == [("issue", "3.35"), ("return", "3.35")], "$3.35 earned, and went back"
    )
    _expect(not pad.complaints, "no chip complained")


def _wanted(code: int, what: str) -> None:
    _expect(code == DONE, what)


def _expect(happened: bool, what: str) -> None:
    if not happened:
        raise DemoError(f"this did not happen: {what}")


def _play(options: Annotated[Options, Parameter(name="*")] = _AS_USUAL) -> int:
    say = TillStage()
    try:
        with (
            program.stopping_signals(),
            running_emulator() as emulator,
            tempfile.TemporaryDirectory(prefix="milepad-demo-") as name,
            pad_for(emulator, Path(name), say, options) as pad,
            register_for(pad, Path(name), say) as register,
        ):
            play(pad, register, say, options.language)
            check(emulator, pad)
        say.say("All of it happened, in the platform's books as well.")
    except (DemoError, HandheldError, LinkError, RuntimeError) as fault:
        program.complain("demo", fault)
        return 1
    return 0


def main(words_: list[str] | None = None) -> int:
    """Plays the sale; 0 if all of it happened."""
    return shell.run("tools.till.demo", _play, words_, about=__doc__)


if __name__ == "__main__":
    sys.exit(program.run("demo", main))
