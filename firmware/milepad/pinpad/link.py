"""Starts the till link that a profile asks for; the app imports it only then."""

import asyncio

from milepad.base import till_key
from milepad.base.compat import HAS_AES, TYPE_CHECKING
from milepad.base.errors import ProfileError
from milepad.base.supervision import keep_running
from milepad.link.listener import listen
from milepad.pinpad.kept import Kept
from milepad.pinpad.protection import Protection
from milepad.pinpad.server import CAPACITY, Connection
from milepad.pinpad.service import Service

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Any

    from milepad.base.protocols import Profile
    from milepad.drivers.protocols import TillPorts
    from milepad.workflows.device import Device


def attach(device: "Device", board: "TillPorts", earlier: Service | None) -> Service:
    """Puts the till's service on a device. Its transport goes on where it runs already, with
    the service of the device's `earlier` life. Raises ProfileError.
    """
    if earlier:
        earlier.device = device
        device.till = earlier
        earlier.settle()
        return earlier
    protection = _protection(device.profile)
    if protection is None:
        device.log("till: messages are not protected")
    service = Service(device, protection, Kept(board.till_store()))
    service.settle()
    run = _transport(device, board, service)
    service.transport = asyncio.create_task(keep_running("till", run, device.log))
    device.till = service
    return service


def _transport(
    device: "Device", board: "TillPorts", service: Service
) -> "Callable[[], Awaitable[None]]":
    """What listens as the profile's mode says. Raises ProfileError."""
    till, log = device.profile["till"], device.log
    context: "Any" = None
    kind: "Any" = Connection
    # Of the three ways a pad has one: the others are not loaded, nor in every board's build.
    try:
        if till["mode"] == "serial":
            from milepad.pinpad import serial_line

            uart = board.till_uart()
            return lambda: serial_line.serve(uart, service, log)
        if till["mode"] == "https":
            from milepad.pinpad import https_server

            context, kind = https_server.context(board.files), https_server.Exchange
    except ImportError:
        raise ProfileError("[till] mode: this board has none over " + till["mode"])
    host, port = board.till_address(till["mode"], till["port"])

    async def serve(reader: "Any", writer: "Any") -> None:
        await kind(service, reader, writer, log).run()

    return lambda: listen(host, port, serve, CAPACITY, log, context)


def _protection(profile: "Profile") -> Protection | None:
    till = profile["till"]
    if not till["passphrase"]:
        return None
    if not till_key.is_kept(till["passphrase"]):
        raise ProfileError("[till] passphrase: expected the keys that provisioning derives")
    if not HAS_AES:
        raise ProfileError("[till] passphrase: this firmware has no cipher")
    raw = till_key.key_bytes(till["passphrase"])
    return Protection(raw, till["key_identifier"], till["key_version"])
