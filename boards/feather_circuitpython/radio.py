"""CircuitPython's radio with the interface of MicroPython's WLAN."""

from milepad.base.compat import TYPE_CHECKING

if TYPE_CHECKING:
    import wifi

_CONNECT_S = 10
_FAILED = -1  # what Wifi calls "connecting failed"


class Radio:
    """`wifi.radio`; connecting blocks, for ten seconds at most."""

    def __init__(self, radio: "wifi.Radio"):
        self._radio = radio
        self._status = 0

    def active(self, on: bool) -> None:
        """Switches it on or off."""
        self._radio.enabled = on

    def disconnect(self) -> None:
        """Leaves the network."""
        self._radio.stop_station()

    def connect(self, ssid: str, password: str) -> None:
        """Joins a network; `status` tells how it went."""
        self._status = 0
        try:
            self._radio.connect(ssid, password, timeout=_CONNECT_S)
        except OSError:
            self._status = _FAILED

    def status(self, what: str = "") -> int:
        """0, or why connecting failed; of "rssi", the signal in dBm. Raises OSError."""
        if what == "rssi":
            network = self._radio.ap_info
            if network is None:
                raise OSError
            return network.rssi
        return self._status

    def isconnected(self) -> bool:
        """What the radio believes."""
        return self._radio.connected

    def ifconfig(self) -> tuple[str]:
        """The address."""
        return (str(self._radio.ipv4_address or "0.0.0.0"),)
