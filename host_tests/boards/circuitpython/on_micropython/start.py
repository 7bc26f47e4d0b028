"""Starts a Feather's drive as CircuitPython would, on MicroPython: `start.py SETTINGS`.

SETTINGS is a file of JSON: `drive` (the image of its FAT drive), `wires` (TCP port of the
chips), `hosts` {name: [address, port]}, `names` {module: names}, `included` (the firmware's
modules), `run` (the file to run), `boot` (whether `boot.py` runs before, as on a board) and
`pace` (see `Clock`).
"""

import builtins
import json
import os
import sys

import vfs

from host_tests.boards.circuitpython.on_micropython import (
    drive,
    network,
    ports,
    restricted,
    wires,
)

with open(sys.argv[1]) as _file:
    settings = json.load(_file)
blocks = drive.blocks(settings["drive"])
clock = restricted.Clock(settings["pace"])
board_wires = wires.Wires(settings["wires"])


def remount(mount_path, readonly=False, *, disable_concurrent_write_protection=False):
    """Gives the drive to the program or takes it away."""
    vfs.umount(mount_path)
    # MicroPython's object never writes again after a mount that was for reading only.
    vfs.mount(vfs.VfsFat(blocks), mount_path, readonly=readonly)


def is_file(name):
    """Whether the drive has such a module."""
    for path in ("/" + name + ".py", "/" + name, "/lib/" + name + ".py", "/lib/" + name):
        try:
            os.stat(path)
            return True
        except OSError:
            pass
    return False


def boot():
    """The drive in place of the host's files, CircuitPython's modules in place of its own."""
    remount("/", readonly=True)  # the drive is the computer's until boot.py has run
    sys.path[:] = ["", "/", "/lib"]
    made = ports.make(board_wires, clock, remount)
    made.update(network.make(board_wires, settings["hosts"]))
    made["board"] = {name: name for name in settings["names"]["board"]}
    restricted.forget_host()
    for name, attributes in made.items():
        sys.modules[name] = restricted.Module(name, attributes)
    lists = {name: wanted for name, wanted in settings["names"].items() if name not in made}
    restricted.install(lists, settings["included"], clock, "/lib", is_file)


def tell(loop, context):
    """What Adafruit's asyncio does with a task's error; it asks for a traceback, which only
    CircuitPython's errors carry."""
    sys.print_exception(context["exception"], sys.stderr)


def run(path):
    """Runs a file of the drive, as `__main__`."""
    with builtins.open(path) as file:
        text = file.read()
    exec(compile(text, path, "exec"), {"__name__": "__main__"})


boot()
restricted.on_task_error(tell)
if settings["boot"]:
    run("/boot.py")
run(settings["run"])
