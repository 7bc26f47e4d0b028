"""The lock file: what is written is read, and every program is locked for every architecture."""

from __future__ import annotations

import re

from tools.debian import lock
from tools.debian.programs import PROGRAMS
from tools.debian.renew import merged


def file(version: str, digest: str = "") -> lock.File:
    return lock.File(f"pool/main/a/a/a_{version}_amd64.deb", 1, digest or version)


def test_every_package_of_every_program_is_locked():
    content = lock.read()
    for name, program in PROGRAMS.items():
        for arch in program.architectures:
            assert set(content[name][arch]) == set(program.packages)
            for versions in content[name][arch].values():
                assert versions
                for version in versions:
                    assert version.path.startswith("pool/main/")
                    assert version.path.endswith((f"_{arch}.deb", "_all.deb"))
                    assert re.fullmatch("[0-9a-f]{64}", version.sha256)


def test_what_is_written_is_read(tmp_path):
    path = tmp_path / "lock.toml"
    content = {"a": {"i386": {"b": [file("2"), file("1~x+y")]}, "amd64": {}}}
    lock.write(content, path)
    assert lock.read(path) == content


def test_a_newer_version_comes_first_and_the_oldest_goes():
    known = [file("2.41-12+deb13u4"), file("2.41-12+deb13u3"), file("2.41-12~1")]
    found = [file("2.41-12+deb13u10"), file("2.41-12+deb13u4")]
    versions = [re.search("_(.+)_", one.path)[1] for one in merged(known, found)]
    assert versions == ["2.41-12+deb13u10", "2.41-12+deb13u4", "2.41-12+deb13u3"]
