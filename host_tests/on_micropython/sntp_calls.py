"""SNTP with plain arguments, so that both Pythons can be asked the same."""

import asyncio
import socket

from milepad.base.compat import sleep_ms, wait_for_ms
from milepad.link import sntp
from milepad.link.names import Names
from milepad.link.ntp_client import NtpClient


def question(cookie: bytes) -> bytes:
    """A question's bytes."""
    return sntp.encode_question(cookie)


def told(raw: bytes, cookie: bytes) -> int | None:
    """What a reply tells."""
    return sntp.parse_reply(raw, cookie)


def asked(host: str, server_port: int, limit_ms: int) -> tuple:
    """(what a time server on this machine tells, how often another task ran)."""
    turns = [0]

    async def turn():
        while True:
            turns[0] += 1
            await sleep_ms(10)

    async def play():
        other = asyncio.create_task(turn())
        client = NtpClient(socket, Names(socket, lambda: ""), server_port)
        try:
            return await wait_for_ms(client.ask(host), limit_ms)
        except asyncio.TimeoutError:
            return "too late"
        except (OSError, ValueError) as fault:
            return str(fault)
        finally:
            other.cancel()

    return asyncio.run(play()), turns[0]
