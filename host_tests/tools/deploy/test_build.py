"""The build: what a board can import and nothing else, compiled once, sizes against the budget."""

import os
import shutil
import subprocess

import pytest

from tools import boards, build, micropython
from tools.budgets import Budget
from tools.reachable import reachable


@pytest.fixture
def modules(tmp_path):
    def write(**texts):
        found = {}
        for name, text in texts.items():
            path = tmp_path / f"{name}.py"
            path.write_text(text)
            found[name.replace("__", ".")] = path
        return found

    return write


def test_modules_are_reached_through_late_imports_and_packages(modules):
    found = modules(
        main="def f():\n    from a.b import c\n",
        a="",
        a__b="",
        a__b__c="import d",
        d="",
        unused="",
    )
    assert reachable(found, ["main"]) == {"main", "a", "a.b", "a.b.c", "d"}


def test_what_only_a_type_checker_reads_is_not_reached(modules):
    main = "if TYPE_CHECKING:\n    import types_of_parts\nimport a"
    found = modules(main=main, types_of_parts="", a="")
    assert reachable(found, ["main"]) == {"main", "a"}


def test_a_name_made_at_run_time_reaches_its_whole_package(modules):
    found = modules(main='__import__("a.w." + name)', a="", a__w__x="", a__w__y="", b="")
    assert reachable(found, ["main"]) == {"main", "a", "a.w.x", "a.w.y"}


def test_what_only_a_type_checker_imports_is_not_reached(modules):
    main = "if TYPE_CHECKING:\n    import a\nelse:\n    pass\nimport b\n"
    assert reachable(modules(main=main, a="", b=""), ["main"]) == {"main", "b"}


def test_a_full_stop_in_a_sentence_reaches_nothing(modules):
    assert reachable(modules(main='"It ends."', It=""), ["main"]) == {"main"}


def test_a_board_gets_its_own_folder_and_no_other_ports_files():
    names = build.sources("pico2w_pinpad")
    assert "milepad_board.py" in names
    assert "boards/pico2w_pinpad/board.py" in names
    assert not [name for name in names if name.startswith("boards/simulator")]
    assert "milepad/drivers/ssd1306.py" not in names
    assert "milepad/workflows/checkout.py" in names


def test_only_what_changed_is_compiled_again(tmp_path):
    shutil.copytree(build.build("simulator"), tmp_path, dirs_exist_ok=True)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.mpy")}
    touched = tmp_path / "milepad" / "app.mpy"
    os.utime(touched, (0, 0))
    (tmp_path / "milepad" / "gone.mpy").touch()
    build.build("simulator", tmp_path)
    after = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.mpy")}
    assert [path for path in after if after[path] != before[path] and path != touched] == []
    assert after[touched] > before[touched] - 10**12
    assert set(after) == set(before)


def test_a_traceback_on_a_device_says_what_the_file_is_called(tmp_path):
    (tmp_path / "firmware").mkdir()
    source = tmp_path / "firmware" / "fails.py"
    source.write_text("def private_helper():\n    [][0]\nprivate_helper()\n")
    target = tmp_path / "fails.mpy"
    build.compile_file(source, target, "milepad/fails.py")
    done = subprocess.run(
        [*micropython.command(), "-c", "import fails"],
        env={**os.environ, "MICROPYPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert 'File "milepad/fails.py", line' in done.stderr
    assert "in private_helper" in done.stderr


def test_a_file_that_does_not_compile_is_named(tmp_path):
    source = tmp_path / "bad.py"
    source.write_text("def (:")
    with pytest.raises(build.BuildError, match=r"^milepad/bad\.py: line 1: SyntaxError"):
        build.compile_file(source, tmp_path / "bad.mpy", "milepad/bad.py")
    assert [path.name for path in tmp_path.iterdir()] == ["bad.py"]


def test_the_sum_is_held_against_the_budget():
    lines = build.report({"a.mpy": b"12", "b.mpy": b"1", "main.py": b"12345"}, Budget(3, 2))
    assert lines == [
        "     1 B  b.mpy",
        "     2 B  a.mpy",
        "     3 B  in all, within the budget of 3 B",
    ]
    over = build.report({"a.mpy": bytes(4)}, Budget(3, 2))
    assert over[-1].endswith("over the budget of 3 B")


def test_a_board_that_a_till_drives_has_room_for_that():
    assert boards.flash("pico2w_pinpad").most > boards.flash("esp32s3_handheld").most


def test_a_board_that_is_not_there_is_one_line_and_exit_2(capsys):
    for board, said in (
        ("toaster", "there is no board 'toaster'; "),
        ("", "BOARD is missing: "),
    ):
        assert build.main(["--board", board]) == 2
        assert capsys.readouterr().err.startswith(
            f"tools.build: {said}BOARD is one of esp32s3"
        )


def test_what_a_board_does_not_hold_is_said(monkeypatch, capsys):
    small = boards.memory({"heap_kib": 436, "tls_kib": 40, "files_kib": 300})
    monkeypatch.setattr(boards, "memory", lambda settings: small)
    assert build.main(["--board", "pico2w_pinpad"]) == 1
    said = capsys.readouterr().err
    assert said.startswith(
        "tools.build: pico2w_pinpad has 300 KiB of files: code and ledger"
    )


def test_a_board_that_compiles_for_itself_has_sources_on_its_flash():
    compiled = build.size_bytes(build.build("feather_circuitpython"))
    assert build.on_flash("feather_circuitpython") > 2 * compiled
    assert build.on_flash("pico2w_pinpad") < boards.flash("pico2w_pinpad").most


@pytest.mark.parametrize("size", [None, "192", -1])
def test_a_size_that_is_no_number_is_named(size):
    settings = {"heap_kib": 192, "tls_kib": size, "files_kib": 1024}
    with pytest.raises(
        boards.BoardError, match=r"^board\.toml: tls_kib: expected a number"
    ):
        boards.memory(settings)
