"""haproxy in front of the platform: a process per configuration, and a new one takes over."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

from host_tests.system.servers.sites import BEHAVIOURS, Ports, Site
from tools import servers

_STOP_S = 60
_DEFAULTS = """\
global
    maxconn 200
    nbthread 1
defaults
    mode http
    timeout connect 30s
    timeout client 60s
    timeout server 60s
    timeout http-keep-alive 75s
    retries 0
"""


class Haproxy:
    """One haproxy with all sites."""

    def __init__(self, folder: Path, sites: Sequence[Site], ports: Ports) -> None:
        command = servers.front("haproxy")
        assert command is not None
        self._ports = ports
        config = folder / "haproxy.cfg"
        config.write_text(_DEFAULTS + "".join(self._site(site) for site in sites))
        self._words = [*command, "-db", "-f", str(config)]
        self._log = (folder / "log").open("wb")
        self._processes = [self._start()]

    def _start(self, *more: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [*self._words, *more],
            pass_fds=self._ports.descriptors,
            stdout=self._log,
            stderr=self._log,
        )

    def reload(self) -> None:
        """A new process takes the sockets; the old one ends what is under way and goes."""
        self._processes.append(self._start("-sf", str(self._processes[-1].pid)))

    def close(self) -> None:
        """Ends all processes at once."""
        for process in self._processes:
            process.terminate()
            process.wait(_STOP_S)
        self._log.close()

    def _site(self, site: Site) -> str:
        name = site.name.replace(" ", "-")
        bind = [f"bind fd@{self._ports.descriptor(site.name)} ssl crt {site.shown}"]
        bind += ["alpn http/1.1"]
        if site.tls:
            bind += [f"ssl-min-ver TLSv{site.tls} ssl-max-ver TLSv{site.tls}"]
        if site.signatures:
            bind += [f"sigalgs {site.signatures}"]
        _, front, back = BEHAVIOURS[site.behaves]
        text = [
            f"frontend {name}",
            f"    {' '.join(bind)}",
            *[f"    {row}" for row in front],
        ]
        text += [f"    use_backend {name}-checkout if {{ path_beg /checkout/ }}"]
        text += [f"    default_backend {name}-tokens"]
        for kind, port in (("checkout", site.platform), ("tokens", site.tokens)):
            text += [f"backend {name}-{kind}", *[f"    {row}" for row in back]]
            text += [f"    server one 127.0.0.1:{self._ports.up(port)} ssl verify none"]
        return "\n".join(text) + "\n"
