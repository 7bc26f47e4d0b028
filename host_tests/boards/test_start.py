"""The simulated board as a process: frames in, frames out, on both Pythons."""

from __future__ import annotations

import itertools
import json
import socket
import struct
import subprocess
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from host_tests.boards import pythons
from host_tests.drivers.chips import Lcd
from host_tests.kit.ports import own_port

STAND_IN = Path(__file__).parent / "stand_in"
START = pythons.ROOT / "boards/simulator/start.py"
READY_ANSWER = b"\x00\x12"  # port 0, nothing wrong


class AccessPoint:
    """Takes one connection at a time, and answers what comes after the preface in capitals."""

    def __init__(self, port: int) -> None:
        self.prefaces: list[bytes] = []
        self._server = socket.create_server(("127.0.0.1", port))
        self.port = port
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            with suppress(OSError), connection, connection.makefile("rwb") as stream:
                self.prefaces.append(stream.readline())
                stream.write(stream.read(5).upper())

    def close(self) -> None:
        """Once or again."""
        with suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()


class Desk:
    """The desktop's end of a board."""

    def __init__(self, name: str, config: dict, *options: str) -> None:
        self.lcd = Lcd()
        self.process = subprocess.Popen(
            [*pythons.command(name), *options, str(START), json.dumps(config)],
            env=pythons.environment(STAND_IN),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self._watchdog = threading.Timer(100, self.process.kill)
        self._watchdog.start()

    def write(self, raw: bytes) -> None:
        assert self.process.stdin
        self.process.stdin.write(raw)
        self.process.stdin.flush()

    def send(self, kind: bytes, payload: bytes) -> None:
        self.write(kind + struct.pack(">H", len(payload)) + payload)

    def scan(self, text: str) -> None:
        self.send(b"U", b"\x01" + text.encode() + b"\r")

    def frame(self) -> tuple[bytes, bytes]:
        """The next frame; what the display gets is shown on the desk's own chip, too."""
        assert self.process.stdout
        head = self.process.stdout.read(3)
        if len(head) < 3:
            raise AssertionError("the board died: " + self.complaint())
        payload = self.process.stdout.read(head[1] << 8 | head[2])
        if head[:1] == b"I":
            self.lcd.writeto(payload[0], payload[5:])
        return head[:1], payload

    def wait(self, kind: bytes) -> bytes:
        """The payload of the next frame of that kind."""
        while True:
            found, payload = self.frame()
            if found == kind:
                return payload

    def log(self) -> str:
        """The next line of the log, but for what the Wi-Fi says of itself."""
        while (line := self.wait(b"L").decode()).startswith("wifi: "):
            pass
        return line

    def complaint(self) -> str:
        assert self.process.stderr
        return self.process.stderr.read().decode()

    def close(self) -> int:
        """Ends the frames; the board has to end as well."""
        with self.process:
            _, complaint = self.process.communicate()
        self._watchdog.cancel()
        assert complaint == b""
        return self.process.returncode


@pytest.fixture
def access_point() -> Iterator[AccessPoint]:
    with own_port() as port:  # also when it has closed: then it refuses
        point = AccessPoint(port)
        yield point
        point.close()


@pytest.fixture(params=pythons.NAMES)
def desk(request: pytest.FixtureRequest, tmp_path: Path, access_point: AccessPoint):
    config = {"flash": str(tmp_path / "flash"), "access_point_port": access_point.port}
    desk = Desk(request.param, config)
    try:
        assert desk.frame() == (b"R", b"")
        assert desk.log() == "simulator 4 tasks"
        yield desk
    finally:
        assert desk.close() == 0


def test_the_display_is_initialised_and_shows(desk: Desk) -> None:
    desk.scan("show TOTAL")
    desk.wait(b"I")
    while desk.lcd.row(0).rstrip() != b"TOTAL":
        desk.wait(b"I")
    assert desk.lcd.instructions[:4] == [0x30, 0x30, 0x30, 0x20]


def test_the_time_on_i2c_frames_goes_forward(desk: Desk) -> None:
    times = []
    for text in ("a", "b", "c"):
        desk.scan("show " + text)
        times.append(struct.unpack_from(">I", desk.wait(b"I"), 1)[0])
    for before, after in itertools.pairwise(times):
        assert (after - before) & 0xFFFFFFFF < 1 << 31  # it comes round every 71 minutes
    assert times[0] != times[2]


def test_keys_scans_and_swipes_arrive(desk: Desk) -> None:
    desk.send(b"K", b"\x04\x00\x01")
    assert desk.log() == "key ENTER"
    desk.send(b"K", b"\x04\x00\x00")
    desk.scan("84095202006")
    assert desk.log() == "scan 84095202006"
    desk.send(b"U", b"\x02%B1^A^9?;1=9?\r\n")
    assert desk.log() == "swipe %B1^A^9?;1=9?"


def test_a_scanner_line_of_ten_thousand_letters_is_one_complaint(desk: Desk) -> None:
    desk.scan("x" * 10000)
    assert desk.log().startswith("noise ")
    desk.scan("1")
    assert desk.log() == "scan 1"


def test_frames_that_make_no_sense_are_skipped(desk: Desk) -> None:
    for kind, payload in (
        (b"?", b"x" * 500),
        (b"K", b"\x09\x09\x01"),
        (b"K", b"\x00"),
        (b"W", b""),
        (b"U", b""),
        (b"U", b"\x09abc"),
        (b"M", b"0101"),
    ):
        desk.send(kind, payload)
    desk.scan("1")
    assert desk.log() == "scan 1"


def test_the_buzzer_is_a_frequency_that_ends(desk: Desk) -> None:
    desk.scan("play ok")
    assert desk.wait(b"B") == struct.pack(">H", 2000)
    assert desk.wait(b"B") == b"\x00\x00"


def test_a_job_is_printed_between_two_questions(desk: Desk) -> None:
    desk.scan("print SLIP")
    sent = []
    while len(sent) < 5:
        sent.append(desk.wait(b"U"))
        if sent[-1][1:3] == b"\x10\x04":
            desk.send(b"U", READY_ANSWER)
    assert sent[2] == b"\x00SLIP\n"
    assert sent[0] == sent[3] == b"\x00\x10\x04\x02"
    assert sent[1] == sent[4] == b"\x00\x10\x04\x04"
    assert desk.log() == "printed"


def test_a_printer_without_paper_is_told(desk: Desk) -> None:
    desk.scan("print SLIP")
    desk.wait(b"U")
    desk.send(b"U", b"\x00\x32")
    assert desk.log() == "failed paper"


def test_a_socket_goes_through_the_access_point(
    desk: Desk, access_point: AccessPoint
) -> None:
    desk.scan("connect platform.test 443")
    desk.log()
    assert desk.log() == "answer HELLO"
    assert access_point.prefaces == [b"CONNECT platform.test 443\n"]


def test_no_socket_is_opened_while_the_wifi_is_down(
    desk: Desk, access_point: AccessPoint
) -> None:
    desk.send(b"W", b"\x00")
    desk.scan("connect platform.test 443")
    desk.log()
    assert desk.log() == "no way through"
    assert access_point.prefaces == []
    desk.send(b"W", b"\x01")
    desk.scan("connect platform.test 443")
    desk.log()
    assert desk.log() == "answer HELLO"


def test_a_refusing_access_point_is_no_way_through(
    desk: Desk, access_point: AccessPoint
) -> None:
    access_point.close()
    desk.scan("connect platform.test 443")
    desk.log()
    assert desk.log() == "no way through"


@pytest.mark.parametrize("first", pythons.NAMES)
@pytest.mark.parametrize("second", pythons.NAMES)
def test_the_flash_survives_a_cut_and_the_other_python(
    tmp_path: Path, first: str, second: str
) -> None:
    config = {"flash": str(tmp_path / "flash"), "access_point_port": 1}
    for name, expected in ((first, "count 1"), (second, "count 2")):
        desk = Desk(name, config)
        desk.log()
        desk.scan("count")
        desk.log()
        assert desk.log() == expected
        desk.process.kill()
        desk.close()


@pytest.mark.parametrize("name", pythons.NAMES)
def test_a_missing_display_is_one_line_and_the_rest_goes_on(
    tmp_path: Path, name: str
) -> None:
    config = {"flash": str(tmp_path / "flash"), "access_point_port": 1, "i2c": []}
    desk = Desk(name, config)
    assert desk.log() == "display: nothing at I2C 0x27"
    desk.log()
    desk.scan("show x")
    desk.log()
    desk.send(b"K", b"\x00\x00\x01")
    assert desk.log() == "key 1"
    assert desk.close() == 0


@pytest.mark.parametrize("name", pythons.NAMES)
@pytest.mark.parametrize(
    "arguments",
    [[], ["{"], ["[]"], ['{"flash": 1, "access_point_port": 1}'], ['{"flash": "x"}']],
)
def test_a_bad_argument_is_one_clear_line(name: str, arguments: list[str]) -> None:
    done = subprocess.run(
        [*pythons.command(name), str(START), *arguments],
        env=pythons.environment(STAND_IN),
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("simulator: expected one argument")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("name", pythons.NAMES)
@pytest.mark.parametrize("raw", [b"photo" * 1000, b"photo" * 4096], ids=["odd", "whole"])
def test_a_strange_flash_image_does_not_keep_the_board_from_starting(
    tmp_path: Path, name: str, raw: bytes
) -> None:
    image = tmp_path / "flash"
    image.write_bytes(raw)
    desk = Desk(name, {"flash": str(image), "access_point_port": 1})
    desk.log()
    desk.scan("count")
    desk.log()
    assert desk.log().startswith("no storage: foreign (no")
    assert desk.close() == 0
    assert image.read_bytes() == raw


@pytest.mark.parametrize("name", pythons.NAMES)
def test_keys_that_come_all_at_once_are_all_seen(tmp_path: Path, name: str) -> None:
    # A busy desktop sends a press and its release together; the pad is scanned every 10 ms.
    desk = Desk(name, {"flash": str(tmp_path / "flash"), "access_point_port": 1})
    desk.log()
    for _ in range(3):
        desk.send(b"K", b"\x00\x00\x01")
        desk.send(b"K", b"\x00\x00\x00")
    assert [desk.log() for _ in range(3)] == ["key 1"] * 3
    assert desk.close() == 0
