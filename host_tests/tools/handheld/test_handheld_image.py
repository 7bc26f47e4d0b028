"""The flash image is littlefs2 that a real MicroPython mounts, and foreign files stay whole."""

import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools import micropython
from tools.handheld import image

# Mounts the image as a board does, prints what it finds, and leaves a file of its own.
_ON_MICROPYTHON = """
import os, sys, vfs
class Flash:
    def __init__(self, path):
        self.file = open(path, "r+b")
        self.blocks = os.stat(path)[6] // 4096
    def readblocks(self, block, raw, offset=0):
        self.file.seek(block * 4096 + offset)
        self.file.readinto(raw)
    def writeblocks(self, block, raw, offset=0):
        self.file.seek(block * 4096 + offset)
        self.file.write(raw)
        self.file.flush()
    def ioctl(self, order, block):
        if order == 6:
            self.writeblocks(block, b"\\xff" * 4096)
        return {4: self.blocks, 5: 4096}.get(order, 0)
vfs.mount(vfs.VfsLfs2(Flash(sys.argv[1])), "/flash")
for name in ("profile.json", "lib/ca.der"):
    print(len(open("/flash/" + name, "rb").read()))
with open("/flash/ledger", "wb") as file:
    file.write(b"kept" * 3000)
vfs.umount("/flash")
"""


def test_micropython_mounts_it_and_what_it_writes_stays(tmp_path):
    flash, script = tmp_path / "flash.img", tmp_path / "script.py"
    script.write_text(_ON_MICROPYTHON)
    image.write_files(flash, {"profile.json": b"{}", "lib/ca.der": bytes(10_000)})
    done = subprocess.run(
        [*micropython.command(), script, flash], capture_output=True, check=True, text=True
    )
    assert done.stdout.split() == ["2", "10000"]
    image.write_files(flash, {"profile.json": b'{"new": 1}'})
    files = image.read_files(flash)
    assert files["ledger"] == b"kept" * 3000
    assert files["profile.json"] == b'{"new": 1}'
    assert set(files) == {"ledger", "profile.json", "lib/ca.der"}


def test_a_missing_or_blank_image_is_made(tmp_path):
    for raw in (None, b"", b"\xff" * 8192, bytes(8192)):
        flash = tmp_path / "flash.img"
        flash.unlink(missing_ok=True)
        if raw is not None:
            flash.write_bytes(raw)
        image.write_files(flash, {})
        assert image.read_files(flash) == {}
        assert flash.stat().st_size == (len(raw) if raw else image.SIZE)


def test_an_image_that_would_not_change_is_not_written(tmp_path):
    flash = tmp_path / "flash.img"
    image.write_files(flash, {"a": b"1"})
    before = flash.stat().st_mtime_ns, flash.stat().st_ino
    image.write_files(flash, {"a": b"1"})
    assert (flash.stat().st_mtime_ns, flash.stat().st_ino) == before


@pytest.mark.parametrize(
    "raw",
    [
        b"a letter to a friend",
        b"PK" * 4096,
        b"\x00" * 4096 + b"x" * 4096,
        bytes(1000),
        b"\xff" * 4097,
    ],
)
def test_a_foreign_file_is_refused_and_left_as_it_is(tmp_path, raw):
    flash = tmp_path / "letter.txt"
    flash.write_bytes(raw)
    with pytest.raises(image.DamagedImageError, match=r"letter\.txt") as fault:
        image.write_files(flash, {"a": b"1"})
    assert "\n" not in str(fault.value)
    assert flash.read_bytes() == raw


def test_what_has_no_end_or_no_beginning_is_refused(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (pipe, Path("/dev/zero")):
        with image.Hold(path), pytest.raises(image.ImageError, match="not a regular file"):
            image.write_files(path, {})


def test_a_full_image_is_refused_and_left_as_it_was(tmp_path):
    flash = tmp_path / "flash.img"
    image.write_files(flash, {"a": b"1"})
    with pytest.raises(image.ImageError, match="flash image"):
        image.write_files(flash, {"b": bytes(image.SIZE)})
    assert image.read_files(flash) == {"a": b"1"}


def test_a_folder_that_is_not_there_is_one_clear_line(tmp_path):
    with pytest.raises(image.ImageError, match="No such file"):
        image.write_files(tmp_path / "none" / "flash.img", {})


@given(st.data())
def test_a_damaged_image_is_read_or_refused_and_never_a_crash(tmp_path_factory, data):
    flash = Path(tmp_path_factory.getbasetemp()) / "damaged.img"
    flash.unlink(missing_ok=True)
    image.write_files(flash, {"a": b"1" * 5000, "b": b"2"})
    raw = bytearray(flash.read_bytes())
    for at in data.draw(st.lists(st.integers(0, 5 * 4096), max_size=20)):
        raw[at] ^= data.draw(st.integers(1, 255))
    flash.write_bytes(raw)
    try:
        image.read_files(flash)
        image.write_files(flash, {"c": b"3"})
    except image.ImageError:
        pass
    assert flash.stat().st_size == image.SIZE


def test_a_hold_follows_an_image_that_is_replaced(tmp_path):
    flash = tmp_path / "flash.img"
    image.write_files(flash, {"a": b"1"})
    with image.Hold(flash) as hold:
        hold.renew()
        image.write_files(flash, {"a": b"2"})
        with image.Hold(flash):
            pass  # it is another file now, and the first hold was not told
        hold.renew()
        with pytest.raises(image.ImageError, match="another handheld is using it"):
            image.Hold(flash)
    image.Hold(flash).close()
