"""What may be said on the command line."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import NoReturn

from tools.ledger import days, guide, layout, match, pull, reconcile, show


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """One line instead of the whole usage."""
        self.exit(2, f"{self.prog}: {message}; see --help\n")


def _form(parser: argparse.ArgumentParser) -> None:
    forms = parser.add_mutually_exclusive_group()
    forms.add_argument(
        "--csv",
        dest="form",
        action="store_const",
        const="csv",
        help="comma-separated lines",
    )
    forms.add_argument(
        "--json",
        dest="form",
        action="store_const",
        const="json",
        help="one JSON object a line",
    )
    parser.set_defaults(form="table")


def _offset(text: str) -> int:
    if text.lstrip("-").isdecimal() and text.isascii() and -900 <= int(text) <= 900:
        return int(text)
    raise argparse.ArgumentTypeError("expected minutes from UTC, such as -300")


def _platform(parser: argparse.ArgumentParser) -> None:
    clock = parser.add_mutually_exclusive_group()
    clock.add_argument(
        "--offset", type=_offset, metavar="MINUTES", default=days.EST_OFFSET_MIN,
        help="the platform's clock, from UTC; default -300: EST all year",
    )  # fmt: skip
    clock.add_argument(
        "--zone", metavar="TZ",
        help="or as a POSIX zone with daylight saving: EST5EDT,M3.2.0,M11.1.0",
    )  # fmt: skip
    parser.add_argument(
        "--terminal-id", metavar="TEXT",
        help=f"the Card Terminal ID; default {layout.TERMINAL_ID}, from the device's profile",
    )  # fmt: skip
    parser.add_argument(
        "--work-dir", type=Path, metavar="DIR",
        help="for the temporary database, 200 bytes a detail of either side; default: $TMPDIR",
    )  # fmt: skip


def parse(words: list[str] | None) -> argparse.Namespace:
    """The chosen subcommand's options; `run` is what to call with them."""
    parser = _Parser(
        prog="tools.ledger",
        description="Reads handhelds' ledgers and reconciles them with AIR MILES.",
        epilog=guide.TOP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)

    def command(name: str, about: str, epilog: str) -> argparse.ArgumentParser:
        return commands.add_parser(
            name, help=about, description=about[0].upper() + about[1:] + ".",
            epilog=epilog, formatter_class=argparse.RawDescriptionHelpFormatter,
        )  # fmt: skip

    _add_show(command("show", "print the entries of ledgers", guide.SHOW))
    _add_pull(command("pull", "copy ledgers from connected devices", guide.PULL))
    _add_reconcile(
        command("reconcile", "write the reconciliation file of a day", guide.RECONCILE)
    )
    _add_match(command("match", "compare ledgers with AIR MILES' files", guide.MATCH))
    return parser.parse_args(words)


def _add_show(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("sources", nargs="+", type=Path, metavar="LEDGER")
    parser.add_argument(
        "--unresolved", action="store_true", help="only entries whose outcome is not known"
    )
    _form(parser)
    parser.set_defaults(run=show.run)


def _add_pull(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "ports", nargs="+", metavar="PORT", help="whatever mpremote can connect to"
    )
    parser.add_argument(
        "-o", "--output", type=Path, required=True, metavar="DIR",
        help="gets a folder for each device",
    )  # fmt: skip
    parser.add_argument(
        "--mark-exported", action="store_true",
        help="then let the device forget these entries when it needs room",
    )  # fmt: skip
    parser.set_defaults(run=pull.run)


def _add_reconcile(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("sources", nargs="+", type=Path, metavar="LEDGER")
    parser.add_argument("--day", metavar="DATE", help="the platform's day: 2026-11-21")
    parser.add_argument(
        "--from", dest="since", metavar="MOMENT",
        help="instead of --day, on the platform's clock: 2026-11-20T18:00",
    )  # fmt: skip
    parser.add_argument(
        "--to", dest="until", metavar="MOMENT", help="up to before this moment"
    )
    parser.add_argument(
        "--sponsor", metavar="CODE", help="sponsor code; default: from the device's profile"
    )
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE")
    parser.add_argument("--force", action="store_true", help="write over an existing file")
    _platform(parser)
    parser.set_defaults(run=reconcile.run)


def _add_match(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "paths", nargs="+", type=Path, metavar="PATH",
        help="our ledgers, or one file of ours; then their files",
    )  # fmt: skip
    parser.add_argument(
        "--theirs", nargs="+", type=Path, metavar="FILE",
        help="their files; then every PATH is ours",
    )  # fmt: skip
    parser.add_argument(
        "--differences",
        action="store_true",
        help="leave out what matched and what is settled",
    )
    _form(parser)
    _platform(parser)
    parser.set_defaults(run=match.run)
