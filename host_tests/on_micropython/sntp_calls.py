"""SNTP with plain arguments, so that both Pythons can be asked the same."""

import asyncio
import socket

from host_tests.on_micropython.sockets_calls import within
from milepad.link import sntp
from milepad.link.names import Names
from milepad.link.ntp_client import NtpClient


def question(cookie: bytes) -> bytes:
    """A question's bytes."""
    return sntp.encode_question(cookie)


def told(raw: bytes, cookie: bytes) -> int | None:
    """What a reply tells."""
    return sntp.parse_reply(raw, cookie)


def asked(host: str, server_port: int, turns: int, tell_port: int) -> object:
    """What a time server on this machine tells, see `within`."""
    client = NtpClient(socket, Names(socket, lambda: ""), server_port)
    return asyncio.run(within(turns, client.ask(host), tell_port))
