"""A CircuitPython board's drive: files as source, what circup has to bring, clear refusals."""

import pytest

from tools.deploy import __main__ as deploy
from tools.deploy import board_file, provision
from tools.deploy.drive import Drive
from tools.deploy.errors import UsageError
from tools.device.errors import DeviceError


@pytest.fixture
def board():
    return board_file.load("feather_circuitpython")


@pytest.fixture
def drive(tmp_path):
    folder = tmp_path / "CIRCUITPY"
    folder.mkdir()
    return folder


def test_the_drive_gets_source_that_starts_as_code_py(board, drive):
    files = deploy.release_of(board)
    deploy.deploy(board, str(drive), files)
    found = {p.relative_to(drive).as_posix() for p in drive.rglob("*") if p.is_file()}
    assert found == set(files)
    assert {"code.py", "boot.py", "requirements.txt", "milepad/app.py"} <= found
    assert not [name for name in found if name.endswith(".mpy") or name == "main.py"]


def test_what_circup_has_to_bring_is_named_until_it_is_there(board, drive):
    files = deploy.release_of(board)
    listed = (files["requirements.txt"]).decode("ascii").split()
    assert listed == board.libraries
    first = deploy.deploy(board, str(drive), files)
    assert first[1].startswith(f"still missing there: {', '.join(listed)}; circup --path ")
    (drive / "lib").mkdir()
    for name in listed[1:]:
        (drive / "lib" / f"{name}.mpy").touch()
    (drive / "lib" / listed[0]).mkdir()
    assert len(deploy.deploy(board, str(drive), files)) == 1


def test_settings_are_copied_and_the_board_tells_echo_itself(board, drive):
    files = {"profile.json": b"{}", "secret.json": b"s", "ca.der": b"c"}
    good, text = provision.provision(board, str(drive), files)
    assert good
    assert text == "written; the board tells the ECHO's answer on its own screen"
    assert {path.name: path.read_bytes() for path in drive.iterdir()} == files


def test_empty_folders_go_with_their_last_file(drive):
    (drive / "milepad" / "old").mkdir(parents=True)
    (drive / "milepad" / "old" / "x.py").touch()
    Drive(drive).remove("milepad/old/x.py")
    assert list(drive.iterdir()) == []


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(UsageError, match="there is no such folder"):
        Drive(tmp_path / "none")


def test_a_drive_that_takes_no_files_is_one_line(drive):
    (drive / "milepad").touch()  # a file where a folder has to be
    with pytest.raises(
        DeviceError, match="plug the board in so that its drive is writable"
    ):
        Drive(drive).write("milepad/app.py", b"")
