"""The list of `make mutants` names what is there."""

import pytest

from tools.folders import ROOT
from tools.mutants.rooms import FIRMWARE, TESTS


@pytest.mark.parametrize("module", TESTS)
def test_each_module_and_its_tests_are_there(module):
    assert (ROOT / FIRMWARE / module).is_file()
    assert all((ROOT / path).exists() for path in TESTS[module].split())
