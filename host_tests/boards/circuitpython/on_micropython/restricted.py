"""CircuitPython's standard modules, made of MicroPython's: exactly its names, and its errors.

`install` puts them into `sys.modules`, so that an import finds them instead of the interpreter's
own. A name that CircuitPython lacks raises AttributeError or ImportError, as it does there.
"""

import builtins
import gc
import hashlib
import os
import select
import struct
import sys
import time
from collections import namedtuple

import cryptolib

YEAR_2000_S = 946684800
_FIELDS = "tm_year tm_mon tm_mday tm_hour tm_min tm_sec tm_wday tm_yday tm_isdst"
_Time = namedtuple("struct_time", _FIELDS.split())
_Implementation = namedtuple("implementation", ("name", "version", "_machine", "_mpy"))
_CBC = 2


class Module:
    """A module with these attributes and no other."""

    def __init__(self, name, attributes):
        for key, value in attributes.items():
            setattr(self, key, value)
        self.__name__ = name


class Clock:
    """The chip's: it begins in 2000 whenever the power comes, until `rtc` is told better.

    `pace`: how many times faster than the desktop's its ticks are, so that what a program waits
    for by them (a radio that settles, paper that moves) takes less of a test's time. The date
    goes on as the desktop's does.
    """

    def __init__(self, pace=1):
        self.pace = pace
        self._power_up_us = time.ticks_us()
        self._start_s = YEAR_2000_S

    def monotonic_ns(self):
        return self._passed_us() * 1000 * self.pace

    def now_s(self):
        return self._start_s + self._passed_us() // 1000000

    def set(self, moment):
        self._start_s = _mktime(moment) - self._passed_us() // 1000000

    def _passed_us(self):
        return time.ticks_diff(time.ticks_us(), self._power_up_us)


class Poll:
    """`select.poll()` for a program that waits by the ticks of such a clock."""

    def __init__(self, pace):
        native = select.poll()
        self.register, self.modify = native.register, native.modify
        self.unregister = native.unregister
        self._ipoll, self._pace = native.ipoll, pace

    def ipoll(self, wait_ms):
        return self._ipoll(-(-wait_ms // self._pace) if wait_ms > 0 else wait_ms)


def _select(pace):
    return {
        "poll": lambda: Poll(pace),
        "POLLIN": select.POLLIN,
        "POLLOUT": select.POLLOUT,
    }


def _struct_time(fields):
    if len(fields) != 9:
        raise ValueError("value must be of length 9")
    return _Time(*fields)


def _mktime(moment):
    if not isinstance(moment, tuple) or len(moment) != 9:
        raise TypeError("a struct_time or nine fields are needed")
    if moment[0] < 2000:
        raise OverflowError("tm_year out of range")
    return time.mktime(tuple(moment))  # the process runs with TZ=UTC


def _times(clock):
    def localtime(secs=None):
        secs = clock.now_s() if secs is None else int(secs)
        if secs < YEAR_2000_S:
            raise OverflowError("timestamp out of range for platform time_t")
        return _Time(*tuple(time.gmtime(secs))[:8], -1)

    def sleep(seconds):
        if seconds < 0:
            raise ValueError("seconds must be >= 0")
        time.sleep(seconds / clock.pace)

    return {
        "localtime": localtime,
        "mktime": _mktime,
        "monotonic": lambda: clock.monotonic_ns() / 1000000000,
        "monotonic_ns": clock.monotonic_ns,
        "sleep": sleep,
        "struct_time": _struct_time,
        "time": clock.now_s,
    }


class _Hash:
    def __init__(self, native, digest_size):
        self.digest_size = digest_size
        self._native = native
        self.update = native.update

    def digest(self):
        return self._native.digest()


def _new_hash(name, data=b""):
    if name == "sha256":
        return _Hash(hashlib.sha256(data), 32)
    if name == "sha1":
        return _Hash(hashlib.sha1(data), 20)  # noqa: S324  (CircuitPython has it)
    raise ValueError("Unsupported hash algorithm")


class _Aes:
    """`aesio.AES`, over the AES of `cryptolib`."""

    def __init__(self, key, mode=1, IV=None, segment_size=8):
        if len(key) not in (16, 24, 32):
            raise TypeError("Key must be 16, 24, or 32 bytes long")
        if mode == _CBC and (IV is None or len(IV) != 16):
            raise TypeError("IV must be 16 bytes long")
        self._arguments = (bytes(key), mode) + ((bytes(IV),) if IV else ())
        self._native = None
        self._direction = ""

    def rekey(self, key, IV=None):
        self.__init__(key, self._arguments[1], IV)

    def _cipher(self, direction, source, target):
        if len(source) != len(target):
            raise ValueError("Source and destination buffers must be the same length")
        if self._arguments[1] == _CBC and len(source) % 16:
            raise ValueError("CBC blocks must be multiples of 16 bytes")
        if self._direction != direction:
            self._native = cryptolib.aes(*self._arguments)
            self._direction = direction
        return getattr(self._native, direction)

    def encrypt_into(self, src, dest):
        dest[:] = self._cipher("encrypt", src, dest)(bytes(src))

    def decrypt_into(self, src, dest):
        dest[:] = self._cipher("decrypt", src, dest)(bytes(src))


def _systems():
    return {
        "implementation": _Implementation(
            "circuitpython", (9, 2, 9, ""), "Adafruit Feather ESP32S3 with ESP32S3", 518
        ),
        "platform": "Espressif",
        "version": "3.4.0; Adafruit CircuitPython 9.2.9",
        "version_info": (3, 4, 0),
    }


def _not_here(*arguments):
    raise NotImplementedError


def _files():
    # The host's own environment is none of the board's.
    return {
        "getenv": lambda key, default=None: default,
        "sync": lambda: None,
        "uname": lambda: ("ESP32S3", "ESP32S3", "9.2.9", "9.2.9", "Adafruit Feather"),
        "utime": _not_here,
    }


def _print_exception(exc, value=None, tb=None, limit=None, file=None, chain=True):
    sys.print_exception(value or exc, file or sys.stderr)


def _unpack_from(format, buffer, offset=0):  # noqa: A002  (the real one's name)
    """It takes names for its arguments, as MicroPython's does not."""
    return struct.unpack_from(format, buffer, offset)


def _own(clock):
    """{module: what is not MicroPython's}."""
    return {
        "time": _times(clock),
        "hashlib": {"new": _new_hash, "Hash": _Hash},
        "aesio": {"AES": _Aes, "MODE_ECB": 1, "MODE_CBC": _CBC, "MODE_CTR": 6},
        "os": _files(),
        "struct": {"unpack_from": _unpack_from},
        "sys": _systems(),
        "traceback": {
            "print_exception": _print_exception,
            "format_exception": _not_here,
        },
    }


def _module(name, wanted, own):
    """`name` with exactly the `wanted` names."""
    extra = [key for key in own if key not in wanted]
    if extra:
        raise ValueError(name + " has no " + extra[0])
    native = None if set(own) >= set(wanted) else __import__(name)
    found = {}
    for key in wanted:
        found[key] = own[key] if key in own else getattr(native, key)
    return Module(name, found)


def install(lists, included, clock, libraries, is_file):
    """Makes the modules of `lists` {name: names}; hides what is not `included` in the firmware.

    `libraries` is the folder of Adafruit's; `is_file(name)` tells whether a module can be found
    where the program looks for files.
    """
    own = _own(clock)
    made = {
        name: _module(name, wanted, own.get(name, {})) for name, wanted in lists.items()
    }
    made["select"] = Module("select", _select(clock.pace))
    sys.modules.update(made)
    builtins.__import__ = _importer(included, libraries + "/asyncio", is_file)


def _importer(included, asyncio, is_file):
    native = builtins.__import__
    loaded = sys.modules

    def importing(name, scope=None, local=None, names=None, level=0):
        if (
            level
        ):  # only asyncio imports so; the native one would look at this module's name
            place = {"__name__": "asyncio", "__path__": asyncio, "native": native}
            place["arguments"] = (name, None, None, names, level)
            exec("found = native(*arguments)", place)
            return place["found"]
        top = name.split(".")[0]
        if top not in loaded and top not in included and not is_file(top):
            raise ImportError("no module named '%s'" % name)
        return native(name, scope, local, names, level)

    return importing


def become_circuitpython(lists, included, libraries, now_s):
    """The same for a process that evaluates calls; its clock is set, to seconds since 1970."""
    sys.path.insert(0, libraries)
    clock = Clock()
    clock.set(_times(clock)["localtime"](now_s))
    install(lists, included, clock, libraries, _is_on_path)


def _is_on_path(name):
    for folder in sys.path:
        for ending in ("", ".py"):
            try:
                os.stat(folder + "/" + name + ending)
                return True
            except OSError:
                pass
    return False


def on_task_error(handler):
    """Tells the drive's asyncio who hears of an error that ended a task."""
    __import__("asyncio").Loop.set_exception_handler(handler)


def forget_host():
    """Drops what the host's own files brought, so that the drive's are imported anew."""
    sys.modules.clear()
    gc.collect()
