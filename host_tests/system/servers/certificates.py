"""Certificate chains as certificate authorities sell them: a root, intermediates, a leaf."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, NamedTuple

import trustme

Shown = Literal["as it should", "leaf alone", "root too"]
KEYS = {"rsa": trustme.KeyType.RSA, "ecdsa": trustme.KeyType.ECDSA}


class Chain(NamedTuple):
    """What a server shows, as one file; and the root that a device has to trust."""

    root: Path
    shown: Path  # leaf, intermediates and the leaf's key, as haproxy wants them


class Authority:
    """A root with two intermediates below each other, all with keys of one kind."""

    def __init__(self, folder: Path, key: str) -> None:
        self._folder = folder
        self._name = key
        self._key = KEYS[key]
        self._issuers = [trustme.CA(key_type=self._key)]
        for _ in range(2):
            self._issuers.append(self._issuers[-1].create_child_ca(key_type=self._key))
        self.root = folder / f"{key}-root.pem"
        self._issuers[0].cert_pem.write_to_path(self.root)

    def chain(self, intermediates: int, shown: Shown = "as it should") -> Chain:
        """A leaf for localhost below so many intermediates, and what its server shows."""
        leaf = self._issuers[intermediates].issue_cert("localhost", key_type=self._key)
        certificates = [pem.bytes() for pem in leaf.cert_chain_pems]
        if shown == "leaf alone":  # as a server does that got one file of several
            del certificates[1:]
        elif shown == "root too":
            certificates.append(self._issuers[0].cert_pem.bytes())
        path = self._folder / f"{self._name} {intermediates} {shown}.pem".replace(" ", "-")
        path.write_bytes(b"".join([*certificates, leaf.private_key_pem.bytes()]))
        return Chain(self.root, path)
