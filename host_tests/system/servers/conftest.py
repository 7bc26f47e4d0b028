"""One platform, one nginx and one haproxy with all their sites, one OAuth server.

What setup could not get is named once by setup, and its tests say so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from host_tests.system.servers.certificates import KEYS, Authority
from host_tests.system.servers.front import Front
from host_tests.system.servers.haproxy import Haproxy
from host_tests.system.servers.nginx import Nginx
from host_tests.system.servers.oauth import CLIENT_SECRET, CLIENTS, running_oauth
from host_tests.system.servers.sites import BEHAVIOURS, DOWN, Ports, Site
from tools import npm, servers
from tools.emulator.testing import RunningEmulator, running_emulator

START = "2026-01-30T15:00:00Z"  # a Friday morning in Toronto
# mbedTLS that offers TLS 1.3 too is taken at its word about RSA-PSS, and does not read it
# under 1.2: see host_tests/README.md.
_WITHOUT_PSS = "RSA+SHA256:ECDSA+SHA256"
TLS_CASES = [
    (version, key, intermediates)
    for version in ("1.2", "1.3")
    for key in KEYS
    for intermediates in (1, 2)
]
GetFront = Callable[[str], Front]


def tls_name(version: str, key: str, intermediates: int) -> str:
    """The site of one of TLS_CASES."""
    return f"tls {version} {key} {intermediates}"


@pytest.fixture(scope="session")
def running_platform() -> Iterator[RunningEmulator]:
    # As in the room `wire`: a mile buys a unit, and nothing is cancelled by itself.
    with running_emulator(
        clock=START, unit_miles=1, daily_cap_dollars=10_000_000, self_cancel_s=-1
    ) as emulator:
        yield emulator


@pytest.fixture
def platform(running_platform: RunningEmulator) -> RunningEmulator:
    running_platform.reset()
    return running_platform


@pytest.fixture(scope="session")
def authorities(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Authority]:
    folder = tmp_path_factory.mktemp("certificates")
    return {key: Authority(folder, key) for key in KEYS}


@pytest.fixture(scope="session")
def sites(
    running_platform: RunningEmulator, authorities: dict[str, Authority]
) -> list[Site]:
    """All that the tests ask for."""
    port = running_platform.port
    chain = authorities["ecdsa"].chain(1).shown
    found = [Site(name, chain, port, port, behaves=name) for name in BEHAVIOURS]
    for version, key, intermediates in TLS_CASES:
        shown = authorities[key].chain(intermediates).shown
        name = tls_name(version, key, intermediates)
        signatures = _WITHOUT_PSS if version == "1.2" else ""
        found.append(Site(name, shown, port, port, tls=version, signatures=signatures))
    rsa = authorities["rsa"].chain(1).shown
    found.append(Site("1.2 with PSS", rsa, port, port, tls="1.2"))
    for shown in ("leaf alone", "root too"):
        path = authorities["ecdsa"].chain(1, shown).shown
        found.append(Site(shown, path, port, port))
    found.append(Site("platform down", chain, DOWN, port))
    found.append(Site("all down", chain, DOWN, DOWN))
    return found


@pytest.fixture(scope="session", params=servers.FRONTS)
def front(
    request: pytest.FixtureRequest,
    running_platform: RunningEmulator,
    authorities: dict[str, Authority],
    sites: list[Site],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[GetFront]:
    """The site of that name on one of the two servers."""
    name: str = request.param
    if servers.front(name) is None:
        pytest.skip(f"{name} could not be had: `make setup` says why")
    with ExitStack() as stack:
        ports = stack.enter_context(closing(Ports()))
        server = {"nginx": Nginx, "haproxy": Haproxy}[name](
            tmp_path_factory.mktemp(name), sites, ports
        )
        stack.callback(server.close)

        def get(site: str) -> Front:
            key = "rsa" if "rsa" in site or "PSS" in site else "ecdsa"
            port = ports.number(site)
            return Front(
                server,
                port,
                str(authorities[key].root),
                running_platform.client_id,
                running_platform.client_secret,
                f"https://localhost:{port}/oauth/token",
            )

        yield get


_BY_DEFAULT = {"nginx": "redeem", "haproxy": "reverse"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where a case is there for both operations, each server has one of them by default; the
    other waits for `make prove`, as in the room `wire`."""
    for item in items:
        if item.path.parent != Path(__file__).parent:
            continue
        params = getattr(getattr(item, "callspec", None), "params", {})
        usual = _BY_DEFAULT.get(params.get("front", ""), "")
        if usual and params.get("op") in {*_BY_DEFAULT.values()} - {usual}:
            item.add_marker(pytest.mark.prove)


@pytest.fixture(scope="session")
def gateway(
    running_platform: RunningEmulator,
    authorities: dict[str, Authority],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Front]:
    """The platform behind nginx, and the OAuth server: another host, with another root."""
    for name, is_here in (
        ("nginx", servers.front("nginx")),
        (npm.OAUTH_SERVER.name, npm.OAUTH_SERVER.modules()),
    ):
        if is_here is None:
            pytest.skip(f"{name} could not be had: `make setup` says why")
    chain = authorities["ecdsa"].chain(1)
    port = running_platform.port
    with ExitStack() as stack:
        url = stack.enter_context(running_oauth(authorities["rsa"].chain(2).shown))
        ports = stack.enter_context(closing(Ports()))
        site = Site("gateway", chain.shown, port, port, bearer=running_platform.token())
        folder = tmp_path_factory.mktemp("gateway")
        server = Nginx(folder, [site], ports, f"{url}/verify")
        stack.callback(server.close)
        both = folder / "roots.pem"
        both.write_bytes(b"".join(each.root.read_bytes() for each in authorities.values()))
        yield Front(
            server,
            ports.number("gateway"),
            str(both),
            CLIENTS["post"],
            CLIENT_SECRET,
            f"{url}/token",
        )
