"""The servers of the tests are had, or one line says which are left out, and why."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tools import npm, servers
from tools.debian import FetchError
from tools.folders import REQUIREMENTS


def lock_of(package: npm.Package) -> dict[str, dict[str, str]]:
    path = REQUIREMENTS / package.folder / "package-lock.json"
    packages: dict[str, dict[str, str]] = json.loads(path.read_text("utf-8"))["packages"]
    return {name.removeprefix("node_modules/"): of for name, of in packages.items() if name}


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nothing was fetched yet, and nothing is installed."""
    monkeypatch.setattr(servers, "TOOLS", tmp_path)
    monkeypatch.setattr(npm, "TOOLS", tmp_path)
    monkeypatch.setattr(servers, "_SYSTEM", "")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return tmp_path


def script(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


@pytest.mark.parametrize("package", [npm.OAUTH_SERVER, npm.TILL_CLIENT])
def test_every_package_of_npms_is_pinned_by_its_hash(package: npm.Package) -> None:
    packages = lock_of(package)
    assert package.name in packages
    for of in packages.values():
        assert of["integrity"].startswith("sha512-")
        assert "resolved" not in of  # the machine's own registry serves


def test_what_cannot_be_had_is_told_in_a_line_each(
    tools: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def down() -> None:
        raise FetchError("the mirror does not answer")

    monkeypatch.setattr(servers, "machine_source", down)
    assert not servers.get()
    assert capsys.readouterr().err.splitlines() == [
        "setup: left out of the tests: nginx and haproxy (the mirror does not answer)",
        "setup: left out of the tests: oidc-provider (there is no Node.js with npm here)",
        "setup: left out of the tests: @adyen/api-library (there is no Node.js with npm here)",
    ]
    assert servers.front("nginx") is None
    assert npm.OAUTH_SERVER.modules() is None


def test_a_server_that_is_installed_and_works_serves(tools: Path) -> None:
    script(tools / "bin/nginx", "exit 0")
    script(tools / "bin/haproxy", "exit 1")
    assert servers.front("nginx") == [str(tools / "bin/nginx")]
    assert servers.front("haproxy") is None


def test_an_oauth_server_that_this_node_cannot_run_is_left_out(
    tools: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script(tools / "bin/npm", "exit 0")
    script(tools / "bin/node", "echo too old >&2; exit 1")
    with pytest.raises(FetchError, match="node: too old"):
        npm.OAUTH_SERVER.get()
    assert [path.name for path in tools.iterdir()] == ["bin"]


def test_the_oauth_server_of_another_lock_is_fetched_anew(tools: Path) -> None:
    script(tools / "bin/npm", "exit 0")
    script(tools / "bin/node", "exit 0")
    npm.OAUTH_SERVER.get()
    assert npm.OAUTH_SERVER.modules() == tools / "oauth-server/node_modules"
    (tools / "oauth-server/.ready").write_text("another")
    assert npm.OAUTH_SERVER.modules() is None
