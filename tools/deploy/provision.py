"""Gives boards their settings: `python -m tools.deploy.provision --board B --port P --profile F`.

The profile is checked in full before anything is written. The board gets `profile.json`,
`secret.json` and `ca.der`, and then says what the platform answers to its ECHO.
"""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path
from typing import Annotated, NamedTuple

from cyclopts import Parameter

from tools import profile, program, shell
from tools.deploy import board_file, copying, echo, fleet, prefixes, secrets
from tools.deploy.command import BoardName, PortName, ended, open_target, required
from tools.deploy.drive import Drive
from tools.deploy.target import Target
from tools.device.errors import DeviceError

_PROGRAM = "provision"


class Outcome(NamedTuple):
    """One device's row of the table."""

    port: str
    device_id: str
    prefix: str
    good: bool
    text: str


def provision(
    board: board_file.BoardFile, port: str, files: dict[str, bytes]
) -> tuple[bool, str]:
    """Writes the files and asks for an ECHO; whether it was approved, and words for a person.

    Raises DeviceError.
    """
    with closing(open_target(board, port)) as target:
        if isinstance(target, Drive):
            _write(target, files)
            return True, "written; the board tells the ECHO's answer on its own screen"
        board_file.check(board, target, {})
        _write(target, files)
        answer = echo.ask(target)
        target.restart()
    return answer.approved, f"written; ECHO {answer.text}"


def _write(target: Target, files: dict[str, bytes]) -> None:
    for name, raw in files.items():
        target.write(name, raw)
    copying.verify(target, files)


def one(
    board: board_file.BoardFile, path: Path, row: fleet.Row, hidden: profile.Sections
) -> Outcome:
    """Provisions the device of one row; whatever goes wrong is its outcome."""
    changes = {section: dict(values) for section, values in row.changes.items()}
    for section, values in hidden.items():
        changes.setdefault(section, {}).update(values)
    device = changes.get("device", {})
    device_id, prefix = (str(device.get(key, "")) for key in ("device_id", "trace_prefix"))
    if row.fault:
        text = f"line {row.line}: {row.fault}"
        return Outcome(row.port, device_id, prefix, False, text)
    try:
        files, document = profile.load(path, changes, for_shop=True)
        device_id = document["device"]["device_id"]
        prefix = document["device"]["trace_prefix"]
        good, text = provision(board, row.port, files)
    except (DeviceError, profile.ProfileFileError) as fault:
        text = str(fault).removeprefix(f"{row.port}: ")
        return Outcome(row.port, device_id, prefix, False, text)
    return Outcome(row.port, device_id, prefix, good, text)


def table(outcomes: list[Outcome]) -> list[str]:
    """A line for each device, in columns."""
    rows = [("PORT", "DEVICE", "PREFIX", "", "")]
    rows += [
        (o.port, o.device_id, o.prefix, "ok" if o.good else "FAILED", o.text)
        for o in outcomes
    ]
    widths = [max(len(row[at]) for row in rows) for at in range(4)]
    return [
        "  ".join([*(row[at].ljust(widths[at]) for at in range(4)), row[4]]).rstrip()
        for row in rows
    ]


def _many(board: board_file.BoardFile, path: Path, csv: Path) -> int:
    document = profile.read(path)
    rows = prefixes.with_prefixes(fleet.read(csv), document, csv)
    hidden = secrets.missing(document)
    outcomes = []
    for row in rows:
        print(f"{row.port or f'line {row.line}'} ...", file=sys.stderr, flush=True)
        outcomes.append(one(board, path, row, hidden))
    print("\n".join(table(outcomes)))
    return int(not all(outcome.good for outcome in outcomes))


def _single(board: board_file.BoardFile, path: Path, port: str) -> int:
    files, _ = profile.load(path, secrets.missing(profile.read(path)), for_shop=True)
    good, text = provision(board, port, files)
    print(f"{port}: {text}")
    return int(not good)


def main(words: list[str] | None = None) -> int:
    """0 when every device's ECHO was approved, 1 when one was not, 2 after bad use."""
    return shell.run(_PROGRAM, _provision, words, about=__doc__)


def _provision(
    *,
    board: BoardName = "",
    port: PortName = "",
    profile: Annotated[str, Parameter(help="the shop's profile (TOML)")] = "",
    csv: Annotated[str, Parameter(help="many devices: port, device_id, ...")] = "",
) -> int:
    def work() -> int:
        wanted = board_file.load(required("BOARD", board, "esp32s3_handheld"))
        path = Path(required("PROFILE", profile, "my-shop.toml"))
        if csv:
            return _many(wanted, path, Path(csv))
        return _single(wanted, path, required("PORT", port, "/dev/ttyACM0"))

    return ended(_PROGRAM, work)


if __name__ == "__main__":
    sys.exit(program.run(_PROGRAM, main))
