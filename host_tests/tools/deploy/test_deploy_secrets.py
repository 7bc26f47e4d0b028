"""What the profile leaves out comes from the environment or is asked for without echo."""

import getpass
import sys

import pytest

from tools.deploy import secrets
from tools.deploy.errors import UsageError

COMPLETE = {"platform": {"client_secret": "s"}, "network": {"password": ""}}
BARE = {"platform": {}, "network": {"ssid": "shop"}}


@pytest.fixture(autouse=True)
def surroundings(monkeypatch):
    """A terminal, at which each question is answered by its own first word."""
    monkeypatch.delenv(secrets.CLIENT_SECRET, raising=False)
    monkeypatch.delenv(secrets.WIFI_PASSWORD, raising=False)
    monkeypatch.delenv(secrets.SUPERVISOR_PIN, raising=False)
    monkeypatch.setattr(getpass, "getpass", lambda prompt: prompt.split()[0])


class Terminal:
    def isatty(self):
        return True


class Pipe:
    def isatty(self):
        return False


def test_a_profile_that_has_both_is_asked_nothing():
    assert secrets.missing(COMPLETE) == {}


def test_the_environment_comes_before_a_question(monkeypatch):
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setenv(secrets.CLIENT_SECRET, "from-environment")
    assert secrets.missing(BARE) == {
        "platform": {"client_secret": "from-environment"},
        "network": {"password": "Wi-Fi"},
    }


def test_a_section_of_a_supervisor_without_a_pin_is_asked_for_it(monkeypatch):
    monkeypatch.setattr(sys, "stdin", Terminal())
    found = secrets.missing({**COMPLETE, "supervisor": {}})
    assert found == {"supervisor": {"pin": "supervisor's"}}
    monkeypatch.setenv(secrets.SUPERVISOR_PIN, "27182")
    found = secrets.missing({**COMPLETE, "supervisor": {}})
    assert found == {"supervisor": {"pin": "27182"}}


def test_no_pin_is_asked_for_where_the_profile_has_none_or_its_own():
    for supervisor in ({"pin": ""}, {"pin": "27182"}):
        assert secrets.missing({**COMPLETE, "supervisor": supervisor}) == {}


def test_an_empty_password_in_the_environment_is_an_open_network(monkeypatch):
    monkeypatch.setattr(sys, "stdin", Pipe())
    monkeypatch.setenv(secrets.WIFI_PASSWORD, "")
    document = {**BARE, "platform": {"client_secret": "s"}}
    assert secrets.missing(document) == {"network": {"password": ""}}


def test_without_a_terminal_the_variable_is_named(monkeypatch):
    monkeypatch.setattr(sys, "stdin", Pipe())
    with pytest.raises(UsageError, match="leaves out client_secret: put it into MILEPAD_"):
        secrets.missing(BARE)


def test_sections_that_are_none_are_left_to_the_profiles_check():
    assert secrets.missing({"platform": 3}) == {}


def test_no_answer_to_the_question_is_one_line(monkeypatch):
    def ctrl_d(prompt: str) -> str:
        raise EOFError

    monkeypatch.setattr(getpass, "getpass", ctrl_d)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.delenv(secrets.CLIENT_SECRET, raising=False)
    with pytest.raises(UsageError, match="no client_secret was given"):
        secrets.missing({"platform": {}})


def test_a_till_s_passphrase_is_asked_for_where_a_till_is_and_none_is_written(monkeypatch):
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.delenv(secrets.TILL_PASSPHRASE, raising=False)
    found = secrets.missing({**COMPLETE, "till": {"mode": "tcp"}})
    assert found == {"till": {"passphrase": "passphrase"}}
    monkeypatch.setenv(secrets.TILL_PASSPHRASE, "correct horse")
    found = secrets.missing({**COMPLETE, "till": {"mode": "https"}})
    assert found == {"till": {"passphrase": "correct horse"}}


@pytest.mark.parametrize(
    "till", [{}, {"mode": "off"}, {"mode": "tcp", "passphrase": "x" * 8}]
)
def test_no_passphrase_is_asked_for_without_a_till_or_where_there_is_one(till):
    assert secrets.missing({**COMPLETE, "till": till}) == {}
