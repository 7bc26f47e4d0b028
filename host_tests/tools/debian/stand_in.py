"""A mirror on loopback that holds small real packages, and is as unkind as real ones are."""

from __future__ import annotations

import hashlib
import http.server
import shutil
import subprocess
import threading
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.debian.lock import File

ARCH = "amd64"
SUITE = "bookworm"


def package(folder: Path, name: str, version: str, said: str) -> File:
    """Builds a package whose one file says `said`; what a lock file holds of it."""
    tree = folder / f"{name}-{version}"
    (tree / "DEBIAN").mkdir(parents=True)
    (tree / "DEBIAN").chmod(0o755)  # dpkg-deb asks for it, whatever the umask
    (tree / "DEBIAN" / "control").write_text(
        f"Package: {name}\nVersion: {version}\nArchitecture: {ARCH}\n"
        "Maintainer: nobody <nobody@example.com>\nDescription: a test's\n"
    )
    (tree / "usr" / "share").mkdir(parents=True)
    (tree / "usr" / "share" / name).write_text(said)
    path = f"pool/main/{name[0]}/{name}/{name}_{version}_{ARCH}.deb"
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        ["dpkg-deb", "--build", "--root-owner-group", tree, target],
        check=True,
        capture_output=True,
    )
    shutil.rmtree(tree)
    raw = target.read_bytes()
    return File(path, len(raw), hashlib.sha256(raw).hexdigest())


def index(folder: Path, files: dict[str, File], home: Path) -> Path:
    """Writes the suite's index, signed with a new key as Debian's is; the keyring."""
    suite = folder / "dists" / SUITE
    listed = suite / "main" / f"binary-{ARCH}" / "Packages"
    listed.parent.mkdir(parents=True, exist_ok=True)
    listed.write_text(
        "\n".join(
            f"Package: {name}\nVersion: {file.path.split('_')[1]}\nArchitecture: {ARCH}\n"
            f"Filename: {file.path}\nSize: {file.size_bytes}\nSHA256: {file.sha256}\n"
            for name, file in files.items()
        )
    )
    raw = listed.read_bytes()
    release = suite / "Release"
    release.write_text(
        f"Origin: Debian\nSuite: oldstable\nCodename: {SUITE}\n"
        "Date: Sat, 21 Nov 2026 09:15:44 UTC\n"
        f"Architectures: {ARCH}\nComponents: main\nSHA256:\n"
        f" {hashlib.sha256(raw).hexdigest()} {len(raw)} main/binary-{ARCH}/Packages\n"
    )
    return _signed(release, suite / "InRelease", home)


def _signed(release: Path, target: Path, home: Path) -> Path:
    home.mkdir(mode=0o700)
    gpg = ["gpg", "--homedir", str(home), "--batch", "--quiet", "--yes"]
    new = [
        "--passphrase",
        "",
        "--quick-generate-key",
        "mirror@example.com",
        "rsa2048",
        "sign",
    ]
    subprocess.run([*gpg, *new], check=True, capture_output=True)
    sign = ["--clearsign", "--output", str(target), str(release)]
    subprocess.run([*gpg, *sign], check=True, capture_output=True)
    keyring = home / "keyring.gpg"
    subprocess.run([*gpg, "--output", str(keyring), "--export"], check=True)
    subprocess.run(["gpgconf", "--homedir", str(home), "--kill", "all"], check=True)
    return keyring


class Mirror(http.server.ThreadingHTTPServer):
    """Serves a folder; `asked` are the paths, `trouble` says what becomes of each next one."""

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.folder = folder
        self.asked: list[str] = []
        self.trouble: dict[str, list[str]] = {}  # {end of a path: troubles, one a request}

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/"

    def next_trouble(self, path: str) -> str:
        for end, troubles in self.trouble.items():
            if path.endswith(end) and troubles:
                return troubles.pop(0)
        return ""


class _Handler(http.server.BaseHTTPRequestHandler):
    server: Mirror

    def do_GET(self) -> None:
        path = urllib.parse.unquote(self.path).lstrip("/")
        self.server.asked.append(path)
        trouble = self.server.next_trouble(path)
        file = self.server.folder / path
        if trouble == "gone" or not file.is_file():
            self.send_error(404)
            return
        if trouble == "broken":
            self.send_error(503)
            return
        raw = file.read_bytes()
        self.send_response(200)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        if trouble == "truncated":
            raw = raw[: len(raw) // 2]
        if trouble == "altered":
            raw = raw[:-1] + bytes([raw[-1] ^ 1])
        if trouble != "silent":
            self.wfile.write(raw)

    def log_message(self, *words: object) -> None:
        """Nothing: `asked` tells."""


@contextmanager
def serving(folder: Path) -> Iterator[Mirror]:
    """The mirror, while the block runs."""
    with Mirror(folder) as mirror:
        thread = threading.Thread(target=mirror.serve_forever, args=[0.01])
        thread.start()
        try:
            yield mirror
        finally:
            mirror.shutdown()
            thread.join()
