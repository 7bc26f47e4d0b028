"""What is copied and removed, from sums alone; and in which order, on a target that fails."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.deploy import copying, plan
from tools.deploy.target import sum_of
from tools.device.errors import DeviceError

NAMES = st.sampled_from(["main.py", "milepad/a.mpy", "milepad/b/c.mpy", "boards/x/y.mpy"])
FILES = st.dictionaries(NAMES, st.binary(max_size=3)).map(lambda d: {"main.py": b"s"} | d)
OTHERS = {"profile.json": b"p", "secret.json": b"s", "ca.der": b"c", "ledger/1": b"l"}


class Memory:
    """A board in memory; after `left` writes and removals the cable is pulled."""

    name = "memory"

    def __init__(self, files, left=10**6):
        self.files = dict(files)
        self.left = left
        self.starts = []  # what would start after each step

    def _step(self):
        if not self.left:
            raise DeviceError("pulled")
        self.left -= 1

    def _note(self):
        code = {n: raw for n, raw in self.files.items() if n not in OTHERS}
        self.starts.append(code if "main.py" in code else None)

    def sums(self, paths):
        return {
            name: sum_of(raw)
            for name, raw in self.files.items()
            if any(name == path or name.startswith(path + "/") for path in paths)
        }

    def write(self, path, raw):
        self._step()
        self.files[path] = raw
        self._note()

    def rename(self, path, new_path):
        self._step()
        self.files[new_path] = self.files.pop(path)
        self._note()

    def remove(self, path):
        self._step()
        del self.files[path]
        self._note()

    def restart(self):
        pass


def run(target, wanted):
    return copying.release(target, wanted, lambda *_: None)


@given(FILES, FILES)
def test_afterwards_the_board_holds_the_release_and_a_shops_files(present, wanted):
    target = Memory(present | OTHERS)
    run(target, wanted)
    assert target.files == wanted | OTHERS


@given(FILES, FILES)
def test_a_second_run_touches_nothing(present, wanted):
    target = Memory(present)
    run(target, wanted)
    target.left = 0
    assert run(target, wanted) == ([], [], len(wanted))


@given(FILES, FILES, st.integers(0, 8))
def test_wherever_it_breaks_off_no_mixture_starts_and_a_second_run_completes(
    present, wanted, left
):
    target = Memory(present, left)
    with contextlib.suppress(DeviceError):
        run(target, wanted)
    held = wanted | {plan.HELD: present["main.py"]}
    for code in target.starts:
        assert code in (None, wanted, held)
    target.left = 10**6
    run(target, wanted)
    assert target.files == wanted


@given(FILES, FILES)
def test_only_what_differs_is_copied(present, wanted):
    sums = {name: sum_of(raw) for name, raw in present.items()}
    made = plan.make(wanted, sums)
    assert made.copy == sorted(n for n in wanted if present.get(n) != wanted[n])
    assert made.remove == sorted(set(present) - set(wanted))
    assert made.same == len(wanted) - len(made.copy)


def test_boot_py_is_only_touched_by_a_release_that_brings_one():
    assert "boot.py" not in plan.owned({"main.py": b""})
    assert "boot.py" in plan.owned({"main.py": b"", "boot.py": b""})


def test_a_start_file_that_came_out_wrong_is_noticed():
    class Lossy(Memory):
        def write(self, path, raw):
            super().write(path, raw[:-1])

    with pytest.raises(DeviceError, match="is not on the flash as it was sent"):
        run(Lossy({}), {"main.py": b"start"})
