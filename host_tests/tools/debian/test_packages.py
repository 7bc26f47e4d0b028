"""A program is had through every trouble that a mirror gives, or one line says why not."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from host_tests.kit.until import LONG_S
from host_tests.tools.debian.stand_in import ARCH, SUITE, Mirror, index, package, serving
from tools.debian import FetchError, cache, lock, mirror
from tools.debian.packages import Source
from tools.debian.programs import Program

NAMES = ("left", "right")
PROGRAM = Program(SUITE, (SUITE,), NAMES)


@pytest.fixture(autouse=True)
def apt_waits_for_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between its tries of a mirror that is down."""
    path = tmp_path / "apt.conf"
    path.write_text('Acquire::Retries::Delay "false";\n')
    monkeypatch.setenv("APT_CONFIG", str(path))


@pytest.fixture
def pool(tmp_path: Path) -> Path:
    folder = tmp_path / "mirror"
    folder.mkdir()
    return folder


@pytest.fixture
def files(pool: Path) -> dict[str, lock.File]:
    """What the mirror has: one version of each package."""
    return {name: package(pool, name, "2.0-1+b1", f"{name} two") for name in NAMES}


@pytest.fixture
def there(pool: Path):
    with serving(pool) as server:
        yield server


class Machine:
    """A user's machine with one mirror, and a folder with blanks for what is unpacked."""

    def __init__(
        self, folder: Path, files: dict[str, lock.File], keyring: Path | None = None
    ):
        self.cache = folder / "cache"
        self.home = folder / "with blanks" / ARCH
        self.lock = {"program": {ARCH: {name: [file] for name, file in files.items()}}}
        self.keyring = keyring or folder / "no-keyring.gpg"
        self.pauses: list[float] = []

    def get(self, server: Mirror | None) -> None:
        """None: the mirror is down."""
        address = server.address if server else "http://127.0.0.1:9/"
        source = mirror.Mirror(address, self.pauses.append, stall_s=LONG_S, through={})
        kept = cache.Cache(self.cache)
        Source([address], [source], kept, self.lock, str(self.keyring)).unpack(
            "program", PROGRAM, ARCH, self.home
        )

    def said(self) -> list[str]:
        assert (self.home / ".complete").exists()
        return [(self.home / "usr" / "share" / name).read_text() for name in NAMES]


@pytest.fixture
def machine(tmp_path: Path, files: dict[str, lock.File]) -> Machine:
    return Machine(tmp_path, files)


def test_a_mirror_without_any_index_is_enough(machine, there):
    machine.get(there)
    assert machine.said() == ["left two", "right two"]
    assert not [path for path in there.asked if path.startswith("dists/")]
    assert [path.name for path in machine.home.parent.iterdir()] == [ARCH]


def test_a_version_that_is_gone_from_the_pool_is_replaced_by_the_next_one(
    machine, there, pool, files
):
    gone = lock.File("pool/main/l/left/left_3.0-1_amd64.deb", 10, "0" * 64)
    machine.lock["program"][ARCH]["left"] = [gone, files["left"]]
    machine.get(there)
    assert machine.said() == ["left two", "right two"]
    assert there.asked.count(gone.path) == 1
    assert machine.pauses == []


@pytest.mark.parametrize("trouble", ["truncated", "altered", "broken", "silent"])
def test_a_trouble_on_the_way_is_tried_again(machine, there, trouble):
    there.trouble["left_2.0-1+b1_amd64.deb"] = [trouble, trouble]
    machine.get(there)
    assert machine.said() == ["left two", "right two"]
    assert machine.pauses == [1.0, 2.0]


@pytest.mark.parametrize("trouble", ["truncated", "altered", "broken"])
def test_what_never_arrives_whole_leaves_nothing_behind(machine, there, trouble):
    there.trouble["left_2.0-1+b1_amd64.deb"] = [trouble] * 9
    with pytest.raises(FetchError) as caught:
        machine.get(there)
    assert "\n" not in str(caught.value)
    assert list(machine.home.parent.iterdir()) == []


def test_what_is_here_stays_when_it_cannot_be_had_anew(machine, there):
    machine.get(there)
    machine.cache = machine.cache.with_name("another")
    with pytest.raises(FetchError):
        machine.get(None)
    assert machine.said() == ["left two", "right two"]


def test_a_file_that_never_ends_is_cut_off(machine, there, pool, files):
    with (pool / files["left"].path).open("ab") as file:
        file.truncate(50_000_000)
    with pytest.raises(FetchError):
        machine.get(there)


def test_without_the_mirror_the_cache_serves(machine, there):
    machine.get(there)
    machine.home = machine.home.with_name("again")
    machine.get(None)
    assert machine.said() == ["left two", "right two"]


def test_a_damaged_cache_is_not_believed(machine, there):
    machine.get(there)
    for path in machine.cache.iterdir():
        path.write_bytes(b"torn")
    machine.home = machine.home.with_name("again")
    machine.get(there)
    assert machine.said() == ["left two", "right two"]


def test_a_cache_that_cannot_be_written_costs_nothing(machine, there):
    machine.cache.write_text("no folder")
    machine.get(there)
    assert machine.said() == ["left two", "right two"]


def test_without_mirror_and_cache_one_line_says_so_soon(machine):
    with pytest.raises(FetchError, match="the mirror does not answer") as caught:
        machine.get(None)
    assert "\n" not in str(caught.value)
    assert machine.pauses == [1.0, 2.0], "it is asked for the first file only"


def test_two_at_once_do_each_other_no_harm(machine, there, tmp_path, files):
    other = Machine(tmp_path, files)
    faults = []

    def run(one: Machine) -> None:
        try:
            one.get(there)
        except Exception as fault:  # noqa: BLE001
            faults.append(fault)

    other.home = machine.home.with_name("other")
    threads = [threading.Thread(target=run, args=[one]) for one in (machine, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert machine.said() == other.said() == ["left two", "right two"]
    assert not list(machine.cache.glob("*.new"))


class TestApt:
    """The second way: the suite's index, checked against a keyring."""

    @pytest.fixture
    def outlived(self, tmp_path, pool, files) -> Machine:
        """Its lock names a version of `left` that no mirror has any more."""
        keyring = index(pool, files, tmp_path / "gpg")
        machine = Machine(tmp_path, files, keyring)
        gone = lock.File("pool/main/l/left/left_1.0-1_amd64.deb", 10, "0" * 64)
        machine.lock["program"][ARCH]["left"] = [gone]
        return machine

    def test_it_finds_what_the_lock_does_not_name_any_more(self, outlived, there):
        outlived.get(there)
        assert outlived.said() == ["left two", "right two"]

    def test_what_it_found_is_kept_for_a_day_without_mirror(self, outlived, there):
        outlived.get(there)
        outlived.home = outlived.home.with_name("again")
        outlived.get(None)
        assert outlived.said() == ["left two", "right two"]

    def test_an_index_of_another_size_is_refused_in_one_line(self, outlived, there, pool):
        with (pool / "dists" / SUITE / "main" / f"binary-{ARCH}" / "Packages").open(
            "a"
        ) as to:
            to.write("\n")
        with pytest.raises(FetchError, match="unexpected size") as caught:
            outlived.get(there)
        assert "\n" not in str(caught.value)

    def test_an_index_that_another_key_signed_is_refused(self, outlived, there, tmp_path):
        outlived.keyring = tmp_path / "empty.gpg"
        outlived.keyring.touch()
        with pytest.raises(FetchError):
            outlived.get(there)

    def test_another_suite_under_the_name_is_refused(self, outlived, there, monkeypatch):
        monkeypatch.setattr(
            "host_tests.tools.debian.test_packages.PROGRAM",
            PROGRAM._replace(codename="sid"),
        )
        with pytest.raises(FetchError, match=f"{SUITE} is not sid"):
            outlived.get(there)
