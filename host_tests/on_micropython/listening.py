"""A listening port that answers each line: `listening.py PORT CAPACITY [CERTIFICATE KEY]`."""

import asyncio
import sys

from milepad.base.compat import IS_MICROPYTHON
from milepad.link.listener import listen

if IS_MICROPYTHON:
    from milepad.link.tls_micropython import server_context
else:
    from milepad.link.tls_cpython import server_context


async def serve(reader, writer):
    while True:
        line = await asyncio.wait_for(reader.readline(), 100)
        if not line:
            return
        if line == b"fail\n":
            raise KeyError
        writer.write(b"heard " + line)
        await writer.drain()


def read(path):
    with open(path, "rb") as file:
        return file.read()


async def main(port, capacity, files):
    context = server_context(*map(read, files)) if files else None
    port = asyncio.create_task(listen("127.0.0.1", port, serve, capacity, print, context))
    await asyncio.sleep(0.05)
    print("listening")
    await port


asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]))
