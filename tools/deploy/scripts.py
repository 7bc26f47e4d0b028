"""The small programs that run on a board while files are copied to it.

They run on MicroPython and use what every port of it has. What they have to say stands in
lines behind a mark, so that anything else on the console is passed over.
"""

MARK = "MILEPAD "

WHO = """
import sys
_i = sys.implementation
print()
print('MILEPAD', _i.name, '.'.join([str(n) for n in _i.version[:3]]),
      getattr(_i, '_mpy', 0) & 0xFF, sys.platform)
"""

TOOLS = """
import os
from binascii import a2b_base64 as _bytes, hexlify as _hex
from hashlib import sha256 as _sha256

def _sums(path):
    try:
        folder = os.stat(path)[0] & 0x4000
    except OSError:
        return
    if folder:
        for row in os.ilistdir(path):
            _sums(path + '/' + row[0])
        return
    total = _sha256()
    raw = bytearray(512)
    view = memoryview(raw)
    with open(path, 'rb') as file:
        while True:
            count = file.readinto(raw)
            if not count:
                break
            total.update(view[:count])
    print('MILEPAD', _hex(total.digest()).decode(), path)

def _begin(path):
    global _file
    at = path.find('/', 1)
    while at > 0:
        try:
            os.mkdir(path[:at])
        except OSError:
            pass
        at = path.find('/', at + 1)
    _file = open(path + '.new', 'wb')

def _end(path):
    _file.close()
    try:
        os.rename(path + '.new', path)
    except OSError:
        os.remove(path)
        os.rename(path + '.new', path)

def _remove(path):
    os.remove(path)
    at = path.rfind('/')
    while at > 0:
        try:
            os.rmdir(path[:at])
        except OSError:
            break
        at = path.rfind('/', 0, at)
"""

RESTART = "import machine\nmachine.reset()"
