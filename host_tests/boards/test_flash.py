"""The flash image: made once, read by both Pythons, never wiped because it looks odd."""

import itertools
from pathlib import Path

import pytest

from boards.simulator import flash
from host_tests.boards import pythons
from milepad.base.errors import StorageError

WRITE = """
from boards.simulator.flash import mount
files = mount({path!r})
files.mkdir("ledger")
for number in range(40):
    with files.open("ledger/%d.new" % number, "wb") as file:
        file.write(bytes([number]) * (number * 37))
    files.rename("ledger/%d.new" % number, "ledger/%d" % number)
files.remove("ledger/3")
with files.open("ledger/log", "ab") as file:
    file.write(b"one ")
with files.open("ledger/log", "ab") as file:
    file.write(b"two")
with files.open("profile.json", "w") as file:
    file.write("Québec")
"""

READ = """
from boards.simulator.flash import mount
files = mount({path!r})
with files.open("profile.json", "r") as file:
    assert file.read() == "Québec"
with files.open("ledger/log", "rb") as file:
    assert file.read() == b"one two"
names = sorted(entry[0] for entry in files.ilistdir("ledger"))
assert names == sorted([str(n) for n in range(40) if n != 3] + ["log"]), names
for number in range(40):
    if number != 3:
        with files.open("ledger/%d" % number, "rb") as file:
            assert file.read() == bytes([number]) * (number * 37)
"""

FACE = """
from boards.simulator.flash import mount
files = mount({path!r})
def raised(operation, *args):
    try:
        operation(*args)
    except OSError as fault:
        return fault.errno
with files.open("a", "wb") as file:
    print(file.write(b"12345"))
files.mkdir("d")
with files.open("a", "rb") as file:
    print(file.read(2), file.seek(1), file.tell(), file.read(), file.read())
    raw = bytearray(3)
    file.seek(0)
    print(file.readinto(raw), raw)
with files.open("a", "r+b") as file:
    file.seek(2)
    file.write(b"X")
with files.open("a", "rb") as file:
    print(file.read())
print(sorted(files.ilistdir("")), list(files.ilistdir("d")), sorted(files.ilistdir("/")))
print(files.stat("a"), files.stat("d")[0])
print(raised(files.open, "no", "rb"), raised(files.rename, "q", "r"), raised(files.mkdir, "a"))
print(raised(files.remove, "zz"), raised(files.stat, "zz"), raised(files.open, "d2/x", "wb"))
print(raised(list, []), raised(files.rmdir, "zz"), raised(files.open, "d", "rb"))
with files.open("d/x", "wb"):
    pass
print(raised(files.rmdir, "d"), raised(files.remove, "d"))
files.rename("a", "d/x")
print(list(files.ilistdir("d")), files.statvfs("")[:3])
big = files.open("big", "wb")
def fill():
    for _ in range(300):
        big.write(bytes(4096))
print(raised(fill))
"""


@pytest.mark.parametrize(
    ("writer", "reader"), list(itertools.product(pythons.NAMES, repeat=2))
)
def test_an_image_made_by_one_is_read_and_written_by_the_other(
    tmp_path: Path, writer: str, reader: str
) -> None:
    path = str(tmp_path / "flash.img")
    pythons.run(writer, WRITE.format(path=path))
    pythons.run(reader, READ.format(path=path))
    append = "from boards.simulator.flash import mount\n"
    append += f"with mount({path!r}).open('new', 'wb') as file: file.write(b'theirs')\n"
    pythons.run(reader, append)
    script = "from boards.simulator.flash import mount\n"
    script += f"print(mount({path!r}).open('new', 'r').read())"
    assert pythons.run(writer, script) == "theirs\n"


def test_the_files_have_the_same_face_on_both_pythons(tmp_path: Path) -> None:
    answers = [
        pythons.run(name, FACE.format(path=str(tmp_path / name))) for name in pythons.NAMES
    ]
    assert answers[0] == answers[1]
    assert answers[0].startswith("5\n")


@pytest.mark.parametrize("name", pythons.NAMES)
def test_a_missing_image_is_made_with_one_mebibyte(tmp_path: Path, name: str) -> None:
    path = tmp_path / "flash.img"
    pythons.run(name, f"from boards.simulator.flash import mount\nmount({str(path)!r})")
    assert path.stat().st_size == 1 << 20
    assert [entry.name for entry in tmp_path.iterdir()] == ["flash.img"]


@pytest.mark.parametrize("name", pythons.NAMES)
@pytest.mark.parametrize("blank", [b"\xff", b"\x00"])
def test_a_blank_image_is_formatted_and_keeps_its_size(
    tmp_path: Path, name: str, blank: bytes
) -> None:
    path = tmp_path / "flash.img"
    path.write_bytes(blank * 4096 * 64)
    script = "from boards.simulator.flash import mount\n"
    script += f"print(list(mount({str(path)!r}).ilistdir()))"
    assert pythons.run(name, script) == "[]\n"
    assert path.stat().st_size == 4096 * 64


@pytest.mark.parametrize("name", pythons.NAMES)
@pytest.mark.parametrize(
    "content",
    [
        b"\xff" * 4096 * 63 + b"x" * 4096,
        b"\x00" * 4096 + b"\xff" * 4096,
        b"a shopping list",
    ],
    ids=["one strange block", "two sorts of blank", "no whole block"],
)
def test_an_image_of_something_else_is_refused_and_kept(
    tmp_path: Path, name: str, content: bytes
) -> None:
    path = tmp_path / "flash.img"
    path.write_bytes(content)
    script = f"""
from boards.simulator.flash import mount
from milepad.base.errors import StorageError
try:
    mount({str(path)!r})
except StorageError as fault:
    print("refused:", fault)
"""
    assert pythons.run(name, script).startswith("refused: foreign (no")
    assert path.read_bytes() == content


def test_a_half_made_image_does_not_count(tmp_path: Path) -> None:
    path = tmp_path / "flash.img"
    (tmp_path / "flash.img.new").write_bytes(b"\xff" * 5000)
    flash.mount(str(path)).umount()
    assert path.stat().st_size == 1 << 20


def test_a_shortened_image_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "flash.img"
    flash.mount(str(path)).umount()
    path.write_bytes(path.read_bytes()[: 4096 * 10])
    with pytest.raises(StorageError):
        flash.mount(str(path))


READ_ONLY = """
from boards.simulator import flash, image
from milepad.base.errors import StorageError
from milepad.ledger.ledger import Ledger
from milepad.ledger.stores.littlefs import LittlefsStore
LittlefsStore(flash.mount({path!r}))
real_open = open
def protected(path, mode, **more):
    if mode != "rb":
        raise OSError(30)
    return real_open(path, mode, **more)
image.open = protected
files = flash.mount({path!r})
store = LittlefsStore(files)
print(store.last, files.stat("a")[6])
try:
    store.put("trace", b"1")
except StorageError as fault:
    print(fault)
"""


@pytest.mark.parametrize("name", pythons.NAMES)
def test_a_write_protected_image_is_read_and_says_so_when_written(
    tmp_path: Path, name: str
) -> None:
    path = tmp_path / "flash.img"
    files = flash.mount(str(path))
    with files.open("a", "wb") as file:
        file.write(b"12345")
    files.umount()
    said = pythons.run(name, READ_ONLY.format(path=str(path)))
    assert said == "0 5\nread_only (error 30)\n"
