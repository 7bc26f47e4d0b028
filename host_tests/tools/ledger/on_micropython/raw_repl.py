"""A board for mpremote on standard input and output: IMAGE LOG FIRMWARE.

The unix port has no raw REPL, so this is one. `/` is a VfsLfs2 on the image file, in which
everything that is written stays; the host's own files are below `/host`. `machine.reset()`
adds a line to LOG.
"""

import io
import sys

import vfs


class Image:
    """A block device over an open file."""

    def __init__(self, file, size=4096):
        self.file = file
        self.size = size
        self.count = file.seek(0, 2) // size

    def readblocks(self, block, buffer, offset=0):
        self.file.seek(block * self.size + offset)
        self.file.readinto(buffer)

    def writeblocks(self, block, buffer, offset=0):
        self.file.seek(block * self.size + offset)
        self.file.write(buffer)

    def ioctl(self, operation, argument):
        if operation == 3:
            self.file.flush()
        if operation == 4:
            return self.count
        if operation == 5:
            return self.size
        if operation == 6:
            self.writeblocks(argument, b"\xff" * self.size)
        return 0


class Machine:
    def __init__(self, log):
        self.log = log

    def reset(self):
        self.log.write("reset\n")
        self.log.flush()


def answer(code, names):
    out = sys.stdout.buffer
    out.write(b"OK")
    problem = b""
    try:
        exec(code, names)
    except Exception as fault:
        text = io.StringIO()
        sys.print_exception(fault, text)
        problem = text.getvalue().encode()
    out.write(b"\x04" + problem + b"\x04>")


def serve():
    read, write = sys.stdin.buffer.read, sys.stdout.buffer.write
    banner = b"raw REPL; CTRL-B to exit\r\n>"
    raw, code, names = False, b"", {"__name__": "__main__"}
    while True:
        c = read(1)
        if not c:
            return
        if c == b"\x01" and code == b"\x05A":
            code = b""
            write(b"R\x00")  # raw paste is not supported
        elif c == b"\x01":
            raw, code = True, b""
            write(banner)
        elif not raw or c == b"\x03":
            code = b""
        elif c == b"\x02":
            raw = False
            write(b"\r\nMicroPython\r\n>>> ")
        elif c != b"\x04":
            code += c
        elif code:
            answer(code, names)
            code = b""
        else:
            names = {"__name__": "__main__"}
            write(b"OK\r\nMPY: soft reboot\r\n" + banner)


def main(image, log, firmware):
    sys.modules["machine"] = Machine(open(log, "a"))
    files = vfs.VfsLfs2(Image(open(image, "r+b")))
    vfs.umount("/")
    vfs.mount(vfs.VfsPosix("/"), "/host")
    vfs.mount(files, "/")
    sys.path[:] = ["/host" + firmware, ".frozen"]
    serve()


main(*sys.argv[1:])
