"""Reads barcodes with zbar, a real decoder: `python -m tools.zbar` fetches it.

Where zbar is installed (Debian's libzbar0, Homebrew's zbar), that one serves. Elsewhere, on
any Debian, apt downloads the library and what it needs, from its own suite, into the
project's `.tools/` folder. No root, nothing installed.
"""

from __future__ import annotations

import argparse
import ctypes
import ctypes.util
import platform
import sys
from functools import cache
from pathlib import Path

from tools.debian import TOOLS, FetchError, native_arch, unpack, unpacking

FOLDER = TOOLS / "zbar"
PACKAGE = "libzbar0"
# They are loaded into this process, which already has these from the machine.
_LEFT_OUT = ("libc6_*", "libgcc-s1_*", "gcc-*", "libcrypt1_*")

_Y800 = int.from_bytes(b"Y800", "little")  # one byte a pixel, 255 is white

_CALLS = {
    # name: (result, arguments)
    "zbar_image_scanner_create": (ctypes.c_void_p, []),
    "zbar_image_scanner_destroy": (None, [ctypes.c_void_p]),
    "zbar_image_create": (ctypes.c_void_p, []),
    "zbar_image_destroy": (None, [ctypes.c_void_p]),
    "zbar_image_set_format": (None, [ctypes.c_void_p, ctypes.c_ulong]),
    "zbar_image_set_size": (None, [ctypes.c_void_p, ctypes.c_uint, ctypes.c_uint]),
    "zbar_image_set_data": (
        None,
        [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_ulong, ctypes.c_void_p],
    ),
    "zbar_scan_image": (ctypes.c_int, [ctypes.c_void_p, ctypes.c_void_p]),
    "zbar_image_first_symbol": (ctypes.c_void_p, [ctypes.c_void_p]),
    "zbar_symbol_next": (ctypes.c_void_p, [ctypes.c_void_p]),
    "zbar_symbol_get_type": (ctypes.c_int, [ctypes.c_void_p]),
    "zbar_get_symbol_name": (ctypes.c_char_p, [ctypes.c_int]),
    "zbar_symbol_get_data": (ctypes.c_void_p, [ctypes.c_void_p]),
    "zbar_symbol_get_data_length": (ctypes.c_uint, [ctypes.c_void_p]),
}


def find() -> Path | None:
    """The library, or None when it is neither installed nor fetched."""
    if (FOLDER / ".complete").exists():
        return next(FOLDER.glob("usr/lib/*/libzbar.so.0"), None)
    installed = ctypes.util.find_library("zbar")
    return Path(installed) if installed else None


def fetch() -> Path:
    """Downloads and unpacks the library with all that it needs; returns its path."""
    suite = platform.freedesktop_os_release().get("VERSION_CODENAME", "stable")
    with unpacking(FOLDER, "zbar (macOS: brew install zbar)", suite, native_arch()) as apt:
        # apt works out what is needed; the lock that it would take is the system's.
        unlocked = ("-o", "Debug::NoLocking=1", "--no-install-recommends")
        apt("install", *unlocked, "--download-only", "-y", PACKAGE)
        for package in (FOLDER / "cache" / "archives").glob("*.deb"):
            if not any(package.match(pattern) for pattern in _LEFT_OUT):
                unpack(package, FOLDER)
    path = find()
    if path is None:
        raise FetchError(f"{PACKAGE} of {suite} holds no libzbar.so.0")
    return path


def _load_neighbours(path: Path) -> None:
    """Loads the fetched libraries, each after those that it needs."""
    waiting = [
        file
        for folder in (path.parent, FOLDER / "lib" / path.parent.name)
        for file in folder.glob("lib*.so.*")
        if not file.name.startswith(path.name)
    ]
    loaded = True
    while loaded:  # as long as a pass gets further than the one before
        loaded = False
        for file in list(waiting):
            try:
                ctypes.CDLL(str(file))
            except OSError:
                continue
            waiting.remove(file)
            loaded = True


@cache
def load() -> ctypes.CDLL:
    """The library, ready for `decode`. Raises FetchError when it cannot be had."""
    path = find()
    if path is None:
        raise FetchError("zbar is missing: run `python -m tools.zbar`")
    if FOLDER in path.parents:
        _load_neighbours(path)
    try:
        library = ctypes.CDLL(str(path))
    except OSError as fault:
        raise FetchError(f"zbar does not load here: {fault}") from fault
    for name, (result, arguments) in _CALLS.items():
        call = getattr(library, name)
        call.restype = result
        call.argtypes = arguments
    return library


def decode(width: int, height: int, gray: bytes) -> list[tuple[str, bytes]]:
    """(symbology, data) of every barcode in a picture of one byte a pixel, 0 is black."""
    if len(gray) != width * height:
        raise ValueError("one byte a pixel is needed")
    zbar = load()
    scanner = zbar.zbar_image_scanner_create()
    image = zbar.zbar_image_create()
    try:
        zbar.zbar_image_set_format(image, _Y800)
        zbar.zbar_image_set_size(image, width, height)
        zbar.zbar_image_set_data(image, gray, len(gray), None)
        zbar.zbar_scan_image(scanner, image)
        found = []
        symbol = zbar.zbar_image_first_symbol(image)
        while symbol:
            name = zbar.zbar_get_symbol_name(zbar.zbar_symbol_get_type(symbol)).decode()
            length = zbar.zbar_symbol_get_data_length(symbol)
            found.append(
                (name, ctypes.string_at(zbar.zbar_symbol_get_data(symbol), length))
            )
            symbol = zbar.zbar_symbol_next(symbol)
        return found
    finally:
        zbar.zbar_image_destroy(image)
        zbar.zbar_image_scanner_destroy(scanner)


def main() -> int:
    """Fetches zbar unless it is there."""
    argparse.ArgumentParser(prog="tools.zbar", description=main.__doc__).parse_args()
    try:
        if find() is None:
            print("fetching zbar ...", flush=True)
            fetch()
        load()
    except FetchError as fault:
        print(f"zbar: {fault}", file=sys.stderr)
        return 1
    print("zbar is ready")
    return 0


if __name__ == "__main__":
    sys.exit(main())
