"""nginx in front of the platform: a configuration is written, a master runs, a signal reloads."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path

from host_tests.system.servers.sites import BEHAVIOURS, Ports, Site
from tools import servers

_STOP_S = 60
_TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


class Nginx:
    """One nginx with all sites. `verify` is where it asks about tokens, if it is asked to."""

    def __init__(
        self, folder: Path, sites: Sequence[Site], ports: Ports, verify: str = ""
    ) -> None:
        command = servers.front("nginx")
        assert command is not None
        self._ports = ports
        self._verify = verify
        config = folder / "nginx.conf"
        config.write_text(self._text(folder, sites))
        # As an nginx does that replaces its own program, it takes over sockets that listen.
        self._process = subprocess.Popen(
            [
                *command,
                "-c",
                str(config),
                "-e",
                str(folder / "error.log"),
                "-p",
                str(folder),
            ],
            env={"NGINX": "".join(f"{number};" for number in ports.descriptors)},
            pass_fds=ports.descriptors,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def reload(self) -> None:
        """New workers take the sockets; the old ones end what is under way and go."""
        self._process.send_signal(signal.SIGHUP)

    def close(self) -> None:
        """Ends it at once."""
        self._process.terminate()
        self._process.wait(_STOP_S)

    def _text(self, folder: Path, sites: Sequence[Site]) -> str:
        paths = [f"{name}_temp_path {folder}/{name};" for name in _TEMPORARY]
        http = [*paths, "access_log off;", "proxy_http_version 1.1;"]
        http += ["proxy_set_header Host $http_host;", 'proxy_set_header Connection "";']
        blocks = [line for site in sites for line in self._server(site)]
        head = [
            *(["user root;"] if os.geteuid() == 0 else []),  # else it may not read the keys
            "daemon off;",
            "worker_processes 1;",
            f"pid {folder}/pid;",
            "events { worker_connections 256; }",
        ]
        return "\n".join([*head, "http {", *http, *blocks, "}"]) + "\n"

    def _server(self, site: Site) -> list[str]:
        lines = [
            f"listen 127.0.0.1:{self._ports.number(site.name)} ssl;",
            f"ssl_certificate {site.shown};",
            f"ssl_certificate_key {site.shown};",
            f"ssl_protocols {f'TLSv{site.tls}' if site.tls else 'TLSv1.2 TLSv1.3'};",
            *BEHAVIOURS[site.behaves][0],
        ]
        if site.signatures:
            lines.append(f"ssl_conf_command SignatureAlgorithms {site.signatures};")
        checkout = [f"proxy_pass https://127.0.0.1:{self._ports.up(site.platform)};"]
        if site.bearer:
            checkout += ["auth_request /verify;"]
            checkout += [
                "proxy_set_header Host $http_host;",
                'proxy_set_header Connection "";',
                f'proxy_set_header Authorization "Bearer {site.bearer}";',
            ]
            lines.append(
                f"location = /verify {{ internal; proxy_pass {self._verify};"
                ' proxy_pass_request_body off; proxy_set_header Content-Length ""; }'
            )
        lines.append(f"location /checkout/ {{ {' '.join(checkout)} }}")
        lines.append(
            f"location / {{ proxy_pass https://127.0.0.1:{self._ports.up(site.tokens)}; }}"
        )
        return ["server {", *lines, "}"]
