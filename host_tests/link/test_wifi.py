"""The Wi-Fi comes back, whatever the radio does: a scripted radio and a clock that obeys."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from itertools import pairwise
from types import SimpleNamespace

import pytest

from milepad.base import compat
from milepad.base.compat import BUILD_EPOCH_S
from milepad.base.timekeeper import Timekeeper
from milepad.link.sockets import Sockets
from milepad.link.time_server import TimeServer
from milepad.link.wifi import Wifi

SECRET = "correct horse"
TIME_HOST = "time.example"


class Stop(BaseException):
    """The script is over."""


class Radio:
    """A WLAN whose air is a script; it keeps the calls that it got, in order."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.in_the_air = True  # the access point can be heard
        self.claims: bool | None = None  # what isconnected() says against better knowledge
        self.connect_fault: OSError | None = None
        self.bad_status = 201
        self._joined = False

    def active(self, on: bool) -> None:
        self.calls.append(f"active {on}")
        self._joined = self._joined and on

    def disconnect(self) -> None:
        self.calls.append("disconnect")
        self._joined = False

    def connect(self, ssid: str, password: str) -> None:
        self.calls.append(f"connect {ssid}")
        assert password == SECRET
        if self.connect_fault:
            raise self.connect_fault
        self._joined = True

    def isconnected(self) -> bool:
        return self.claims if self.claims is not None else self._joined and self.in_the_air

    def status(self, what: str = "") -> int:
        if what == "rssi":
            if not self.in_the_air:
                raise OSError(0x3006)  # as an ESP32 without an access point
            return -67
        return 1001 if self.in_the_air else self.bad_status

    def ifconfig(self) -> tuple[str, ...]:
        return ("192.168.1.7" if self._joined and self.in_the_air else "0.0.0.0",)


class Net:
    """What looks up names."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.fault: OSError | None = None

    def getaddrinfo(self, host: str, port: int) -> list[tuple]:
        self.asked.append(host)
        if self.fault:
            raise self.fault
        return [(2, 1, 0, "", ("10.0.0.1", port))]


class Socket:
    def __init__(self) -> None:
        self.closed = False

    def close(self) -> None:
        self.closed = True


class Shop:
    """A device in a shop: radio, names, clock, and what happens when."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.radio, self.net, self.log = Radio(), Net(), []
        self.now_ms, self.time_s, self.asked = 0, 0, 0
        self.asked_ms: list[int] = []
        self.network_time_s = BUILD_EPOCH_S + 1000
        self.ntp_fault: Exception | None = None
        self.script: list[tuple[int, Callable[[], object]]] = []
        self.up: list[tuple[int, bool]] = []
        self.opened: list[Socket] = []
        self.refuses = False
        monkeypatch.setattr(compat, "time", SimpleNamespace(time=lambda: self.time_s))
        self.time = Timekeeper(self.set_rtc, self.log.append)
        clock = TimeServer(self.ask, self.time, self.log.append)
        self.wifi = Wifi(self.radio, clock, self.log.append, self.sleep)
        self.sockets = Sockets(self.wifi, self.net)
        self.sockets._connect = self.open  # type: ignore[method-assign]

    def set_rtc(self, unix_s: int) -> None:
        self.time_s = unix_s

    async def ask(self, host: str) -> int:
        assert host == TIME_HOST
        self.asked += 1
        self.asked_ms.append(self.now_ms)
        if self.ntp_fault:
            raise self.ntp_fault
        return self.network_time_s

    async def open(self, address: str, port: int) -> Socket:
        if self.refuses:
            raise OSError(111)
        self.opened.append(Socket())
        return self.opened[-1]

    async def sleep(self, delay_ms: int) -> None:
        if not self.up or self.up[-1][1] != self.wifi.is_up():
            self.up.append((self.now_ms, self.wifi.is_up()))
        self.now_ms += delay_ms
        while self.script and self.script[0][0] <= self.now_ms:
            self.script.pop(0)[1]()

    def at(self, when_s: float, happening: Callable[[], object]) -> None:
        self.script.append((int(when_s * 1000), happening))
        self.script.sort(key=lambda item: item[0])

    def run(self, until_s: float, joined: bool = True) -> list[tuple[int, bool]]:
        """Lets time pass; returns when the link was up and down."""

        def stop() -> None:
            raise Stop

        if joined:
            self.wifi.join("shop", SECRET, TIME_HOST)
        self.at(until_s, stop)
        with pytest.raises(Stop):
            asyncio.run(self.wifi.run())
        return self.up

    def connect(self, host: str = "api.example") -> Socket:
        """Opens a socket, over which TLS then succeeds."""
        try:
            socket = asyncio.run(self.sockets.open(host, 443))
        except OSError:
            self.sockets.note_failed()
            raise
        self.sockets.note_verified()
        return socket


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> Shop:
    return Shop(monkeypatch)


def test_disconnect_and_a_pause_come_before_connect(shop: Shop) -> None:
    shop.run(2)
    assert shop.radio.calls == ["active True", "disconnect", "connect shop"]


def test_it_is_up_after_three_stable_seconds_and_says_so(shop: Shop) -> None:
    assert shop.run(20) == [(0, False), (4500, True)]
    assert shop.log == ["wifi: up"]


def test_a_link_that_flickers_is_not_up(shop: Shop) -> None:
    shop.at(3, lambda: setattr(shop.radio, "in_the_air", False))
    shop.at(9, lambda: setattr(shop.radio, "in_the_air", True))
    up = shop.run(30)
    assert up[1][0] >= 9000 + 3000
    assert shop.log[0] == "wifi: lost at once"


def test_the_clock_is_set_before_the_link_counts_as_up(shop: Shop) -> None:
    shop.at(4.4, lambda: None)
    shop.run(20)
    assert shop.time_s == shop.network_time_s
    assert shop.asked == 1


@pytest.mark.parametrize(
    "fault",
    [
        OSError(110),
        TimeoutError(),
        ArithmeticError("a library's own"),
        OverflowError("past 2106"),
        IndexError("a reply of no bytes"),
        MemoryError(),
    ],
    ids=lambda fault: type(fault).__name__,
)
def test_whatever_the_time_server_does_the_link_is_up_and_it_is_asked_again(
    shop: Shop, fault: Exception
) -> None:
    shop.ntp_fault = fault
    shop.at(12, lambda: setattr(shop, "ntp_fault", None))
    assert shop.run(20)[-1][1] is True
    assert shop.time_s == shop.network_time_s
    assert f"wifi: no time ({type(fault).__name__})" in shop.log


@pytest.mark.parametrize("told_s", [1000, BUILD_EPOCH_S - 61, 4102444800, 1 << 33])
def test_a_server_that_tells_a_time_out_of_bounds_is_not_believed(
    shop: Shop, told_s: int
) -> None:
    shop.network_time_s = told_s
    shop.run(60)
    assert shop.asked > 3
    assert shop.time_s == BUILD_EPOCH_S
    assert shop.log.count("clock: NTP is out of bounds") == 1


def test_once_the_platform_has_dated_the_clock_nobody_waits_for_a_time_server(
    shop: Shop,
) -> None:
    shop.ntp_fault = OSError(110)
    shop.at(8, lambda: shop.time.note_platform(BUILD_EPOCH_S + 77))
    shop.run(600)
    assert shop.asked == 2


def test_a_time_server_that_never_answers_is_asked_ever_more_rarely(shop: Shop) -> None:
    shop.ntp_fault = OSError(110)
    shop.run(8 * 3600)
    pauses_s = [(b - a) / 1000 for a, b in pairwise(shop.asked_ms)]
    assert pauses_s[:8] == [5, 10, 20, 40, 80, 160, 320, 640]
    assert set(pauses_s[8:]) == {900}


def test_a_time_server_that_wants_to_be_left_alone_is_left_alone(shop: Shop) -> None:
    shop.ntp_fault = ValueError("a kiss of death")
    shop.run(3600)
    assert [b - a for a, b in pairwise(shop.asked_ms)] == [900_000] * 3
    assert shop.log.count("wifi: no time (it refuses)") == 4


def test_once_the_clock_is_good_the_time_server_is_asked_once_a_day(shop: Shop) -> None:
    shop.run(3 * 86400)
    assert [b - a for a, b in pairwise(shop.asked_ms)] == [86_400_000] * 2


def test_a_link_that_was_made_anew_asks_at_once(shop: Shop) -> None:
    shop.ntp_fault = OSError(110)
    shop.at(3600, lambda: setattr(shop.radio, "in_the_air", False))
    shop.at(3610, lambda: setattr(shop.radio, "in_the_air", True))
    shop.run(3640)
    again_ms = [each for each in shop.asked_ms if each > 3610_000]
    assert again_ms[0] < 3620_000
    assert again_ms[1] - again_ms[0] == 5000


@pytest.mark.parametrize("is_proven", [False, True])
def test_a_certificate_that_is_refused_has_the_time_asked_for_soon(
    shop: Shop, is_proven: bool
) -> None:
    if is_proven:
        shop.at(10, lambda: shop.time.note_platform(BUILD_EPOCH_S + 1000))
    shop.at(4000, shop.time.note_refused)
    shop.run(4100)
    assert [each for each in shop.asked_ms if each > 10_000] == [4005_000]


def test_certificates_that_are_refused_for_ever_have_it_asked_no_more_often(
    shop: Shop,
) -> None:
    shop.ntp_fault = OSError(110)
    for second in range(10, 610):
        shop.at(second, shop.time.note_refused)
    shop.run(610)
    assert shop.asked <= 610 / 5


def test_without_a_name_no_time_server_is_asked(shop: Shop) -> None:
    shop.wifi.join("shop", SECRET)
    assert shop.run(600, joined=False)[-1][1] is True
    assert shop.asked == 0


def test_another_time_server_is_asked_at_once(shop: Shop) -> None:
    shop.ntp_fault = OSError(110)
    shop.at(3600, lambda: shop.wifi.join("shop", SECRET, ""))
    shop.at(3700, lambda: shop.wifi.join("shop", SECRET, TIME_HOST))
    shop.run(3701)
    assert 3700_000 <= shop.asked_ms[-1] <= 3701_000


def test_a_time_that_was_given_up_is_asked_for_again_soon(shop: Shop) -> None:
    shop.at(20, shop.time.note_refused)
    shop.run(40)
    assert shop.asked == 2
    assert shop.time.is_set()


def test_what_ends_the_task_is_logged_and_it_starts_again(shop: Shop) -> None:
    shop.radio.connect_fault = KeyError("a driver's own")  # type: ignore[assignment]
    shop.at(10, lambda: setattr(shop.radio, "connect_fault", None))
    assert shop.run(30)[-1][1] is True
    assert shop.log == ["wifi: KeyError", "wifi: up"]


def test_an_access_point_that_goes_away_is_joined_again_when_it_is_back(shop: Shop) -> None:
    shop.at(10, lambda: setattr(shop.radio, "in_the_air", False))
    shop.at(600, lambda: setattr(shop.radio, "in_the_air", True))
    up = shop.run(700)
    assert [is_up for _, is_up in up] == [False, True, False, True]
    assert up[2][0] <= 11000
    assert up[3][0] <= 610000
    assert shop.log == ["wifi: up", "wifi: down", "wifi: no such network", "wifi: up"]


def test_a_radio_that_raises_is_asked_again_for_ever(shop: Shop) -> None:
    shop.radio.connect_fault = OSError("Wifi Internal Error")
    shop.at(300, lambda: setattr(shop.radio, "connect_fault", None))
    assert shop.run(320)[-1][1] is True
    assert shop.radio.calls.count("connect shop") > 50
    assert shop.log == ["wifi: radio error Wifi Internal Error", "wifi: up"]


def test_a_radio_that_hangs_while_connecting_is_switched_off_and_on(shop: Shop) -> None:
    shop.radio.claims = False
    shop.at(30, lambda: setattr(shop.radio, "claims", None))
    assert shop.run(40)[-1][1] is True
    first_off = shop.radio.calls.index("active False")
    assert shop.radio.calls[first_off + 1 : first_off + 3] == ["active True", "disconnect"]


def test_a_wrong_password_is_named_once_and_never_shown(shop: Shop) -> None:
    shop.radio.in_the_air, shop.radio.bad_status = False, 202
    shop.run(60)
    assert shop.log == ["wifi: wrong password"]


def test_isconnected_without_an_address_is_not_believed(shop: Shop) -> None:
    shop.radio.claims, shop.radio.in_the_air = True, False
    assert shop.run(60) == [(0, False)]


def test_three_sockets_that_fail_in_a_row_make_it_connect_again(shop: Shop) -> None:
    def fail() -> None:
        with pytest.raises(OSError, match="111"):
            shop.sockets.open("api.example", 443).send(None)
        shop.sockets.note_failed()

    shop.at(9, lambda: setattr(shop, "refuses", True))
    for when_s in (10, 11, 12):
        shop.at(when_s, fail)
    shop.at(13, lambda: setattr(shop, "refuses", False))
    up = shop.run(40)
    assert [is_up for _, is_up in up] == [False, True, False, True]
    assert shop.radio.calls.count("connect shop") == 2


def test_no_network_was_named_yet(shop: Shop) -> None:
    shop.run(60, joined=False)
    assert shop.radio.calls == []


def test_another_network_is_joined_at_once(shop: Shop) -> None:
    shop.at(10, lambda: shop.wifi.join("depot", SECRET))
    shop.run(30)
    assert shop.radio.calls[-1] == "connect depot"


def test_address_and_signal_are_told_while_there_is_an_access_point(shop: Shop) -> None:
    assert (shop.wifi.address(), shop.wifi.signal_dbm()) == ("", None)
    shop.run(10)
    assert (shop.wifi.address(), shop.wifi.signal_dbm()) == ("192.168.1.7", -67)
    shop.radio.in_the_air = False
    assert (shop.wifi.address(), shop.wifi.signal_dbm()) == ("", None)


def test_a_signal_that_is_lost_between_two_questions_is_none(shop: Shop) -> None:
    shop.run(10)
    shop.radio.in_the_air, shop.radio.claims = False, True
    shop.radio.ifconfig = lambda: ("192.168.1.7",)  # type: ignore[method-assign]
    assert shop.wifi.signal_dbm() is None


def test_a_name_is_never_looked_up_without_a_link(shop: Shop) -> None:
    with pytest.raises(OSError, match=r"\d+"):
        shop.connect()
    assert shop.net.asked == []


def test_a_name_is_looked_up_once_and_again_after_a_failure(shop: Shop) -> None:
    shop.run(10)
    shop.connect()
    shop.connect()
    assert shop.net.asked == ["api.example"]
    shop.refuses = True
    with pytest.raises(OSError, match="111"):
        shop.connect()
    shop.refuses = False
    shop.connect()
    assert shop.net.asked == ["api.example", "api.example"]


def test_a_name_that_nobody_knows_is_an_oserror_and_not_kept(shop: Shop) -> None:
    shop.run(10)
    shop.net.fault = OSError(-2)
    with pytest.raises(OSError, match="-2"):
        shop.connect()
    shop.net.fault = None
    assert shop.connect() is shop.opened[0]


def test_there_is_one_socket_the_one_before_is_closed(shop: Shop) -> None:
    shop.run(10)
    first, second = shop.connect(), shop.connect("token.example")
    assert (first.closed, second.closed) == (True, False)


def test_a_name_is_looked_up_again_once_the_link_was_made_anew(shop: Shop) -> None:
    shop.run(10)
    shop.connect()
    shop.run(30)
    shop.connect()
    assert shop.net.asked == ["api.example"] * 2
