"""A CircuitPython board's drive: files as source, what circup has to bring, clear refusals."""

import pytest

from milepad import VERSION
from tools.deploy import __main__ as deploy
from tools.deploy import board_file
from tools.deploy.bringing import Work, bring
from tools.deploy.drive import Drive
from tools.deploy.errors import UsageError
from tools.device.errors import DeviceError


@pytest.fixture
def board():
    return board_file.load("feather_circuitpython")


ABOUT = """\
Adafruit CircuitPython 9.2.9 on 2025-08-20; Adafruit Feather ESP32-S3 4MB Flash 2MB PSRAM
Board ID:adafruit_feather_esp32s3_4mbflash_2mbpsram
UID:C7FD1A2B3C4D
boot.py output:
"""
BOARD_ID = "adafruit_feather_esp32s3_4mbflash_2mbpsram"


@pytest.fixture
def drive(tmp_path):
    folder = tmp_path / "CIRCUITPY"
    folder.mkdir()
    (folder / "boot_out.txt").write_text(ABOUT)
    return folder


def test_the_drive_gets_source_that_starts_as_code_py(board, drive):
    files = deploy.release_of(board)
    deploy.deploy(board, str(drive), files)
    found = {p.relative_to(drive).as_posix() for p in drive.rglob("*") if p.is_file()}
    assert found == {*files, "boot_out.txt"}
    assert {"code.py", "boot.py", "requirements.txt", "milepad/app.py"} <= found
    assert not [name for name in found if name.endswith(".mpy") or name == "main.py"]


def test_what_circup_has_to_bring_is_named_until_it_is_there(board, drive):
    files = deploy.release_of(board)
    listed = (files["requirements.txt"]).decode("ascii").split()
    assert listed == board.libraries
    first = deploy.deploy(board, str(drive), files)
    assert first[-1].startswith(f"still missing there: {', '.join(listed)}; circup --path ")
    (drive / "lib").mkdir()
    for name in listed[1:]:
        (drive / "lib" / f"{name}.mpy").touch()
    (drive / "lib" / listed[0]).mkdir()
    assert len(deploy.deploy(board, str(drive), files)) == len(first) - 1


def test_settings_are_copied_and_the_board_tells_echo_itself(board, drive):
    files = {"profile.json": b"{}", "secret.json": b"s", "ca.der": b"c"}
    done = bring(Drive(drive), Work(board, {}, files))
    assert done.good
    assert done.lines == [
        f"{drive}: written; the board tells the ECHO's answer on its own screen",
        f"{drive}: no Milepad for feather_circuitpython; CircuitPython 9.2.9; "
        "serial number c7fd1a2b3c4d",
    ]
    (drive / "boot_out.txt").unlink()
    assert {path.name: path.read_bytes() for path in drive.iterdir()} == files


def test_the_drive_itself_says_which_firmware_and_which_board_it_is(board, drive):
    lines = deploy.deploy(board, str(drive), deploy.release_of(board))
    assert lines[1] == (
        f"{drive}: Milepad {VERSION} for feather_circuitpython; CircuitPython 9.2.9; "
        "serial number c7fd1a2b3c4d"
    )


@pytest.mark.parametrize(
    "about",
    [
        None,
        "",
        "Board ID:x\n",
        "Adafruit CircuitPython 9.2.9 on 2025-08-20\n",
        "MicroPython v1.25.0\nBoard ID:x\n",
        "\xff\xfe\x00" * 9000,
    ],
)
@pytest.mark.parametrize("has_settings", [True, False])
def test_an_ordinary_folder_is_refused_and_stays_as_it_is(
    board, tmp_path, about, has_settings
):
    (tmp_path / "thesis.txt").touch()
    if about is not None:
        (tmp_path / "boot_out.txt").write_text(about)
    before = sorted(tmp_path.iterdir())
    release = {} if has_settings else {"code.py": b"1"}
    settings = {"profile.json": b"{}"} if has_settings else {}
    with pytest.raises(UsageError) as fault:
        bring(Drive(tmp_path), Work(board, release, settings))
    assert str(fault.value).startswith(
        f"{tmp_path}: this is no drive of a CircuitPython board: it has no boot_out.txt"
    )
    assert str(fault.value).endswith("nothing was changed")
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    ("version", "name", "fault"),
    [
        (
            "9.2.9",
            "raspberry_pi_pico2_w",
            "this is the drive of the board raspberry_pi_pico2_w",
        ),
        ("9.2.9", f"{BOARD_ID}_x", f"this is the drive of the board {BOARD_ID}_x"[:60]),
        ("8.2.10", BOARD_ID, "its CircuitPython is 8.2.10, the release is for 9.2.9"),
        ("9.1.4", BOARD_ID, "its CircuitPython is 9.1.4, the release is for 9.2.9"),
        ("10.0.3", BOARD_ID, "its CircuitPython is 10.0.3, the release is for 9.2.9"),
    ],
)
def test_another_board_or_another_python_is_refused(board, drive, version, name, fault):
    text = ABOUT.replace("9.2.9", version).replace(BOARD_ID, name)
    (drive / "boot_out.txt").write_text(text)
    with pytest.raises(DeviceError) as caught:
        deploy.deploy(board, str(drive), {"code.py": b"1"})
    assert fault in str(caught.value)
    assert "nothing was changed" in str(caught.value)
    assert [path.name for path in drive.iterdir()] == ["boot_out.txt"]


@pytest.mark.parametrize(
    "version", ["9.2.0", "9.2.10", "9.3.0-beta.1", "9.2.9-12-g0123abc"]
)
def test_every_python_of_the_series_from_the_named_one_on_will_do(board, drive, version):
    text = ABOUT.replace("9.2.9", version).replace("\n", "\r\n")
    (drive / "boot_out.txt").write_bytes(text.encode())
    deploy.deploy(board, str(drive), {"code.py": b"1"})
    assert (drive / "code.py").read_bytes() == b"1"


def test_empty_folders_go_with_their_last_file(drive):
    (drive / "milepad" / "old").mkdir(parents=True)
    (drive / "milepad" / "old" / "x.py").touch()
    Drive(drive).remove("milepad/old/x.py")
    assert not (drive / "milepad").exists()


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(UsageError, match="there is no such folder"):
        Drive(tmp_path / "none")


def test_a_drive_that_takes_no_files_is_one_line(drive):
    (drive / "milepad").touch()  # a file where a folder has to be
    with pytest.raises(
        DeviceError, match="plug the board in so that its drive is writable"
    ):
        Drive(drive).write("milepad/app.py", b"")
