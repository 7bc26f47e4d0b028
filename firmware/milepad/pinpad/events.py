"""What the pad tells tills by itself: EventNotification, in clear, for it holds no secret."""

from milepad.base.compat import TYPE_CHECKING
from milepad.pinpad import exact_json, messages

if TYPE_CHECKING:
    from milepad.pinpad.protocols import Tell
    from milepad.workflows.device import Device


class Events:
    """Who is told of events: every connection over which a till has logged in."""

    def __init__(self) -> None:
        self._listeners: "list[tuple[Tell, str]]" = []
        self._is_up: bool | None = None  # whether the Wi-Fi was there when it was looked at

    def listen(self, tell: "Tell", sale_id: str) -> None:
        """That till is told over `tell`, until `leave`."""
        self.leave(tell)
        self._listeners.append((tell, sale_id))

    def leave(self, tell: "Tell") -> None:
        """A connection has ended."""
        self._listeners = [each for each in self._listeners if each[0] is not tell]

    def notify(
        self, device: "Device", kind: str, details: str = "", only: str = ""
    ) -> None:
        """Tells every till that is connected and has logged in of an event; or that one."""
        for tell, sale_id in self._listeners:
            if only in ("", sale_id):
                tell(message(device, sale_id, kind, details))

    def look(self, device: "Device") -> None:
        """Tells the tills when the pad's network has gone or come back."""
        is_up = device.board.wlan.is_up()
        if self._is_up not in (None, is_up):
            self.notify(device, "NetworkConnected" if is_up else "NetworkDisconnected")
        self._is_up = is_up


def message(device: "Device", sale_id: str, kind: str, details: str) -> bytes:
    """An event's bytes."""
    poi_id = device.profile["device"]["device_id"]
    inner = messages.event(poi_id, sale_id, kind, details, device.time.now_s())
    return exact_json.dump({"SaleToPOIRequest": inner})
