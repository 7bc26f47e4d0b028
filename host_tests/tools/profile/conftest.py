"""A shop's profile in a file, beside a certificate authority."""

from pathlib import Path

import pytest
import trustme

from host_tests.tools.profile.refusal import PASSWORD, SECRET
from tools.profile import template


@pytest.fixture
def write(tmp_path):
    """Writes a profile with changes next to a certificate authority, returns its path."""
    trustme.CA().cert_pem.write_to_path(tmp_path / "ca.pem")

    def written(changes=None) -> Path:
        merged = {
            "network": {"password": PASSWORD},
            "platform": {"client_secret": SECRET, "ca": "ca.pem"},
        }
        for section, values in (changes or {}).items():
            merged.setdefault(section, {}).update(values)
        path = tmp_path / "shop.toml"
        path.write_text(template.text(merged), "utf-8")
        return path

    return written
