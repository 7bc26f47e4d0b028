"""What a provisioned device reads of its own settings."""

from __future__ import annotations

import json

import pytest

from host_tests.kit.board import Files
from host_tests.kit.profile import PIN, SUPERVISOR, flash_files
from milepad.base.errors import ProfileError
from milepad.profile.files import load_profile


def test_a_supervisors_pin_comes_from_the_file_of_secrets() -> None:
    profile = load_profile(Files(flash_files(supervisor=SUPERVISOR)))
    assert profile["supervisor"] == SUPERVISOR


def test_a_device_of_an_older_version_has_no_pin() -> None:
    files = flash_files()
    secrets = json.loads(files["secret.json"])
    del secrets["supervisor_pin"]
    files["secret.json"] = json.dumps(secrets).encode()
    assert load_profile(Files(files))["supervisor"] == {"pin": ""}


def test_a_pin_that_provisioning_did_not_hash_is_refused() -> None:
    files = flash_files(supervisor={"pin": PIN})
    with pytest.raises(
        ProfileError, match=r"secret\.json: expected supervisor_pin"
    ) as fault:
        load_profile(Files(files))
    assert PIN not in str(fault.value)
