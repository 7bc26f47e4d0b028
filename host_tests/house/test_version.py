"""One version: the firmware's own, which the package and the changelog name as well."""

import re
import tomllib
from pathlib import Path

from milepad import USER_AGENT, VERSION

ROOT = Path(__file__).resolve().parents[2]


def test_the_firmwares_version_has_three_numbers() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", VERSION)


def test_the_package_has_the_firmwares_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["version"] == VERSION


def test_the_changelog_names_the_firmwares_version_first() -> None:
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert re.findall(r"^## (\S+)", text, re.MULTILINE)[0] == VERSION


def test_the_wire_names_the_product_and_its_version() -> None:
    assert f"Milepad/{VERSION}" == USER_AGENT  # a product token of RFC 9110
