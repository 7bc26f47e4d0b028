"""Stands in for the firmware's own main: does what the scanned lines tell it, and logs."""

import asyncio

import milepad_board

from milepad.base.errors import DriverError, PrinterError, StorageError

board = milepad_board.board
lines = []


def emit(kind, text):
    board.log(kind + " " + text)
    if kind == "scan":
        lines.append(text)


async def obey(line):
    word, _, rest = line.partition(" ")
    if word == "show":
        board.display.show([rest])
    elif word == "play":
        await board.buzzer.play(rest)
    elif word == "print":
        await board.printer.print(rest.encode() + b"\n")
        board.log("printed")
    elif word == "connect":
        host, _, port = rest.partition(" ")
        await connect(host, int(port))
    elif word == "count":
        with board.files.open("count", "ab") as file:
            file.write(b"1")
        board.log("count " + str(board.files.stat("count")[6]))


async def connect(host, port):
    board.wlan.join("shop", "password")
    for _ in range(100):
        if board.wlan.is_up():
            break
        await asyncio.sleep(0.01)
    try:
        connection = await board.sockets.open(host, port)
    except OSError:
        board.log("no way through")
        return
    connection.send(b"hello")
    while True:  # non-blocking: nothing there is an error or None, never a wait
        await asyncio.sleep(0.01)
        try:
            raw = connection.recv(5)
        except OSError:
            continue
        if raw:
            break
    board.log("answer " + raw.decode())
    connection.close()


async def run():
    await board.start()
    try:
        await board.display.start()
    except DriverError as fault:
        board.log(str(fault))
    parts = list(board.readers)
    parts.append(board.keypad)
    tasks = [asyncio.create_task(part.run(emit)) for part in parts]
    board.log(board.name + f" {len(tasks)} tasks")
    while True:
        while lines:
            try:
                await obey(lines.pop(0))
            except PrinterError as fault:
                board.log("failed " + str(fault))
            except StorageError as fault:
                board.log("no storage: " + str(fault))
        await asyncio.sleep(0.01)


asyncio.run(run())
