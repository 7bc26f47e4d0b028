"""The virtual board's chip, on MicroPython's unix port: `chip.py '{"flash": "FILE", ...}'`.

The flash image is mounted at `/` and nothing of the desktop's files is left in sight, so what
runs is what was copied there. `boot.py` and `main.py` start as on any board. What a real chip
has in `machine`, this one has in `simulated_hardware.config`: the settings of the board.

With `code_fd` and `answer_fd` in the settings a board stands behind it (`board.py`) that sends
pieces of code; without them the program ends when `main.py` does.
"""

import gc
import io
import json
import os
import struct
import sys
from hashlib import sha256

import vfs  # type: ignore[import-not-found]

_BLOCK_BYTES = 4096
_PROGRAM_BYTES = 32
RESET = b"R"
DONE = b"D"
UP = b"U"
FED = b"W"  # and the milliseconds until the watchdog bites


class Flash:
    """The image as a block device, unbuffered: what was programmed survives a cut."""

    def __init__(self, path: str):
        self._file = open(path, "r+b", buffering=0)  # noqa: SIM115 - open while mounted
        self._count = self._file.seek(0, 2) // _BLOCK_BYTES

    def readblocks(self, block: int, raw: bytearray, offset: int = 0) -> None:
        """Fills `raw` from `offset` within `block`."""
        self._file.seek(block * _BLOCK_BYTES + offset)
        self._file.readinto(raw)

    def writeblocks(self, block: int, raw: bytearray, offset: int = 0) -> None:
        """Programs `raw` at `offset` within `block`, which was erased before."""
        self._file.seek(block * _BLOCK_BYTES + offset)
        self._file.write(raw)

    def ioctl(self, operation: int, block: int) -> int:
        """4: how many blocks; 5: bytes in one; 6: erases `block`."""
        if operation == 4:
            return self._count
        if operation == 5:
            return _BLOCK_BYTES
        if operation == 6:
            self.writeblocks(block, bytearray(b"\xff" * _BLOCK_BYTES))
        return 0


class Hardware:
    """Stands in `sys.modules` as `simulated_hardware`."""

    def __init__(self, config: dict[str, object], files: object):
        self.config = config
        config["files"] = files


class Watchdog:
    """As `machine.WDT`; the board behind the chip holds the clock."""

    def __init__(self, answers: io.BufferedWriter | None, timeout_ms: int):
        self._answers = answers
        self._head = FED + struct.pack(">II", 4, timeout_ms)
        self.feed()

    def feed(self) -> None:
        """It bites so many ms after the last call of this."""
        if self._answers is not None:
            self._answers.write(self._head)


class Machine:
    """Stands in `sys.modules` as `machine`, with what programs on a desktop ask of it."""

    def __init__(self, answers: io.BufferedWriter | None, flash: str):
        self._answers = answers
        self._flash = flash

    def reset(self) -> None:
        """Ends the program; a board behind it starts it again."""
        if self._answers is not None:
            self._answers.write(RESET + struct.pack(">I", 0))
        raise SystemExit

    def WDT(self, timeout: int = 5000) -> Watchdog:
        """Arms the watchdog, for `timeout` ms; nothing disarms it but a reset."""
        return Watchdog(self._answers, timeout)

    def unique_id(self) -> bytes:
        """What is burnt into a chip: eight bytes, for each flash its own."""
        return sha256(self._flash.encode()).digest()[:8]


def _trace(fault: BaseException) -> bytes:
    text = io.StringIO()
    sys.print_exception(fault, text)  # type: ignore[attr-defined]
    lines = text.getvalue().split("\n")
    return "\n".join([line for line in lines if __file__ not in line]).encode()


def _execute(code: object, names: dict[str, object]) -> bytes:
    """Runs it; the traceback, or nothing."""
    try:
        exec(code, names)  # type: ignore[arg-type] # noqa: S102
    except SystemExit:
        raise
    except BaseException as fault:  # noqa: BLE001 - a REPL shows whatever it was
        return _trace(fault)
    return b""


def _run_file(name: str) -> None:
    """One of the two files that a board starts by itself."""
    try:
        with open(name) as file:
            source = file.read()
    except OSError:
        return
    try:
        code = compile(source, name, "exec")
    except SyntaxError as fault:
        sys.stdout.write(_trace(fault).decode())
        return
    sys.stdout.write(_execute(code, {"__name__": "__main__"}).decode())


def _read_all(stream: io.BufferedReader, count: int) -> bytes:
    raw = b""
    while len(raw) < count:
        try:
            piece = stream.read(count - len(raw))
        except KeyboardInterrupt:
            continue  # typed when the program had just ended
        if not piece:
            raise SystemExit
        raw += piece
    return raw


def _serve(codes: io.BufferedReader, answers: io.BufferedWriter) -> None:
    """Executes what comes, in one namespace, until the stream ends."""
    names: dict[str, object] = {"__name__": "__main__"}
    while True:
        head = _read_all(codes, 5)
        text = _read_all(codes, struct.unpack(">I", head[1:])[0])
        try:
            code = compile(text, "<stdin>", "single" if head[:1] == b"F" else "exec")
        except Exception as fault:  # noqa: BLE001 - a REPL shows whatever it was
            problem = _trace(fault)
        else:
            problem = _execute(code, names)
        answers.write(DONE + struct.pack(">I", len(problem)) + problem)


def main(config: dict[str, object]) -> None:
    """Mounts the flash, starts what is on it, then executes what is sent."""
    codes = answers = None
    if "code_fd" in config:
        codes = open(config.pop("code_fd"), "rb", buffering=0)  # type: ignore[call-overload] # noqa: SIM115
        answers = open(config.pop("answer_fd"), "wb", buffering=0)  # type: ignore[call-overload] # noqa: SIM115
    flash = Flash(str(config["flash"]))
    files = vfs.VfsLfs2(
        flash, readsize=_PROGRAM_BYTES, progsize=_PROGRAM_BYTES, mtime=False
    )
    vfs.umount("/")
    vfs.mount(files, "/")
    os.chdir("/")
    sys.path[:] = ["", ".frozen", "/lib"]
    sys.modules["machine"] = Machine(answers, str(config["flash"]))  # type: ignore[assignment]
    sys.modules["simulated_hardware"] = Hardware(config, files)  # type: ignore[assignment]
    gc.collect()  # what compiling this file left behind
    try:
        if answers is not None:
            answers.write(UP + struct.pack(">I", 0))
        _run_file("boot.py")
        if config.pop("run_main", True):
            _run_file("main.py")
    except KeyboardInterrupt:
        pass  # typed between two files
    if codes is not None and answers is not None:
        answers.write(DONE + struct.pack(">I", 0))
        _serve(codes, answers)


main(json.loads(sys.argv[1]))
