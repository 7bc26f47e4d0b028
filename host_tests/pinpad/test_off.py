"""A handheld has no till: nothing of it is loaded, and most boards' builds leave it out."""

import sys
from typing import Any

import pytest

from host_tests.boards import pythons
from host_tests.kit.board import Board
from host_tests.kit.profile import flash_files
from host_tests.kit.stores import ring_store
from host_tests.kit.virtual_time import story
from tools import boards, build

BOOTED = """
import asyncio, sys
from host_tests.kit.board import Board
from milepad import app, starting

async def story():
    board = Board()
    starting.Session = lambda *_: board.session
    task = asyncio.create_task(app._main(board))
    await board.sees("CHECKOUT")
    print([name for name in sys.modules if name.startswith("milepad.pinpad")])

asyncio.run(story())
"""
IMPORTED = """
import sys
import milepad.app, milepad.workflows.menu
print([name for name in sys.modules if name.startswith("milepad.pinpad")])
"""


def test_a_device_without_a_till_loads_nothing_of_it() -> None:
    assert pythons.run("cpython", BOOTED) == "[]\n"


@pytest.mark.parametrize("name", pythons.NAMES)
def test_the_app_itself_imports_nothing_of_it(name: str) -> None:
    assert pythons.run(name, IMPORTED) == "[]\n"


@pytest.mark.parametrize("board", boards.names())
def test_only_a_board_with_a_till_link_has_it_in_its_build(board: str) -> None:
    has_till = bool(boards.settings(boards.FOLDER / board)["till"])
    found = [name for name in build.sources(board) if "/pinpad/" in name]
    assert bool(found) == has_till


@pytest.mark.parametrize("board", boards.names())
def test_a_build_has_the_ways_that_its_board_has_the_memory_for(board: str) -> None:
    ways = boards.settings(boards.FOLDER / board)["till"]
    found = [name.rpartition("/")[2] for name in build.sources(board)]
    assert ("serial_line.py" in found) == ("serial" in ways)
    assert ("https_server.py" in found) == ("https" in ways)
    assert ("http_request.py" in found) == ("https" in ways)


@story
async def test_a_way_that_the_build_leaves_out_is_a_profile_s_fault(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Another test may have imported it: then it is the package's own as well.
    monkeypatch.delattr("milepad.pinpad.serial_line", raising=False)
    monkeypatch.setitem(sys.modules, "milepad.pinpad.serial_line", None)
    board: Any = Board(flash_files(till={"mode": "serial"}))
    board.till_store = lambda: ring_store(8)
    task = board.boot(monkeypatch)
    await board.sees("[till] mode")
    assert any("this board has none over serial" in line for line in board.lines)
    task.cancel()


@story
async def test_a_till_on_a_build_without_it_is_a_profile_s_fault(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr("milepad.pinpad", raising=False)
    monkeypatch.setitem(sys.modules, "milepad.pinpad", None)
    board: Any = Board(flash_files(till={"mode": "serial"}))
    task = board.boot(monkeypatch)
    await board.sees("[till] mode")
    assert any("this board has no till link" in line for line in board.lines)
    task.cancel()
