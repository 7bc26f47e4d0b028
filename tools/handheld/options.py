"""What may be said on the handheld's command line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter
from cyclopts.validators import Number

from tools.handheld.firmware import DEFAULT_HEAP, Interpreter
from tools.handheld.page.boards import BoardName
from tools.handheld.wiring import DisplayName

Language = Literal["en-CA", "fr-CA"]


def _heap(_: object, text: str) -> None:
    """A heap's size as MicroPython takes it; less than 48K holds nothing of ours."""
    number, unit = text[:-1], text[-1:].upper()
    if not (number.isdecimal() and number.isascii() and unit in ("K", "M")):
        raise ValueError("it is no size such as 112K or 2M")
    if int(number) << (10 if unit == "K" else 20) not in range(48 << 10, 1 << 30):
        raise ValueError("48K to 1023M are possible")


@dataclass(frozen=True, kw_only=True)
class Options:
    """How a handheld is started."""

    headless: Annotated[bool, Parameter(help="driven by JSON lines on stdin")] = False
    page: Annotated[
        bool, Parameter(help="in a browser; prints the page's address first")
    ] = False
    port: Annotated[
        int,
        Parameter(help="of the page; 0: any free one", validator=Number(gte=0, lte=65535)),
    ] = 0
    opened: Annotated[
        bool, Parameter(name="--open", help="lets the desktop's browser open the page, too")
    ] = False
    board: Annotated[
        BoardName | None, Parameter(help="whose display and keys the page has")
    ] = None
    profile: Annotated[
        Path | None,
        Parameter(
            help="the device's profile (TOML); without one, what the flash image holds "
            "(headless) or an emulated platform's (page, terminal)"
        ),
    ] = None
    flash: Annotated[
        Path | None,
        Parameter(
            help="the flash image, made when missing; without one, a temporary image"
        ),
    ] = None
    interpreter: Annotated[
        Interpreter | None,
        Parameter(help="what runs the firmware; MicroPython, where it is there"),
    ] = None
    from_flash: Annotated[
        bool, Parameter(help="boot what was deployed to the flash image")
    ] = False
    display: Annotated[
        DisplayName, Parameter(help="which display's chip (without --board)")
    ] = "lcd20x4"
    till: Annotated[
        Literal["off", "tcp", "serial", "https"],
        Parameter(help="a PIN pad that a till drives (without --profile)"),
    ] = "off"
    till_port: Annotated[
        int,
        Parameter(
            help="TCP port where tills reach a PIN pad; 0: any free one",
            validator=Number(gte=0, lte=65535),
        ),
    ] = 0
    line_ms: Annotated[
        int | None,
        Parameter(
            help="how long the printer takes for a line; without it, 60 ms",
            validator=Number(gte=0, lte=1000),
        ),
    ] = None
    heap: Annotated[
        str, Parameter(help="bytes of MicroPython's heap: 112K, 2M", validator=_heap)
    ] = DEFAULT_HEAP
    arch: Annotated[
        Literal["amd64", "i386", "arm64"] | None,
        Parameter(help="MicroPython's architecture; the machine's own"),
    ] = None
    language: Annotated[
        Language,
        Parameter(help="of the emulated platform's profile (without --profile)"),
    ] = "en-CA"
