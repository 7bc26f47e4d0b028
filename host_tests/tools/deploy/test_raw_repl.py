"""The virtual board's console: the friendly and the raw REPL, byte for byte."""

import pytest

from tools.virtual_board.raw_repl import Action, Repl

BANNER = b"banner\r\n"
RAW_BANNER = b"raw REPL; CTRL-B to exit\r\n>"


@pytest.fixture
def repl():
    ready = Repl(BANNER)
    list(ready.done(b"", fresh=True))
    return ready


def said(actions):
    return b"".join(action.raw for action in actions if action.kind == "say")


def test_a_started_board_shows_its_banner_and_prompt():
    assert said(Repl(BANNER).done(b"", fresh=True)) == BANNER + b">>> "


def test_raw_code_is_executed_and_answered_between_end_marks(repl):
    assert said(repl.feed(b"\x01")) == RAW_BANNER
    assert list(repl.feed(b"print(1)\x04")) == [
        Action("say", b"OK"),
        Action("raw", b"print(1)"),
    ]
    assert said(repl.done(b"Error\r\n", fresh=False)) == b"\x04Error\r\n\x04>"


def test_raw_paste_gives_credit_for_each_window(repl):
    list(repl.feed(b"\x01"))
    assert said(repl.feed(b"\x05A\x01")) == b"R\x01\x00\x04\x01"
    assert said(repl.feed(b"#" * 1023)) == b""
    assert said(repl.feed(b"#")) == b"\x01"
    assert list(repl.feed(b"\n1\x04")) == [
        Action("say", b"\x04"),
        Action("raw", b"#" * 1024 + b"\n1"),
    ]


def test_a_soft_reset_in_raw_mode_stays_in_raw_mode(repl):
    list(repl.feed(b"\x01"))
    *words, last = repl.feed(b"\x04")
    assert said(words) == b"OK\r\nMPY: soft reboot\r\n"
    assert last == Action("soft_reset")
    assert repl.is_raw
    assert said(repl.done(b"", fresh=True)) == RAW_BANNER


def test_a_running_program_gets_what_is_typed_until_it_is_interrupted(repl):
    list(repl.feed(b"run\r"))
    assert list(repl.feed(b"ab")) == [Action("input", b"a"), Action("input", b"b")]
    assert list(repl.feed(b"\x03\r\x01")) == [Action("interrupt")]
    assert said(repl.done(b"KeyboardInterrupt\r\n", fresh=False)).endswith(RAW_BANNER)


def test_a_program_that_goes_on_is_interrupted_once_more(repl):
    list(repl.feed(b"run\r"))
    assert list(repl.feed(b"\x03\x03")) == [Action("interrupt")] * 2
    assert said(repl.done(b"KeyboardInterrupt\r\n", fresh=False)).endswith(b">>> \r\n>>> ")


def test_a_line_is_echoed_executed_and_followed_by_a_prompt(repl):
    assert list(repl.feed(b"6*7\r"))[-2:] == [
        Action("say", b"\r\n"),
        Action("friendly", b"6*7"),
    ]
    assert said(repl.done(b"", fresh=False)) == b">>> "


def test_ctrl_b_leaves_raw_mode_and_ctrl_c_drops_a_line(repl):
    list(repl.feed(b"\x01abc\x03"))
    assert said(repl.feed(b"\x02")) == b"\r\n" + BANNER + b">>> "
    assert said(repl.feed(b"abc\x03")).endswith(b"\r\n>>> ")
    assert list(repl.feed(b"\x04"))[-1] == Action("soft_reset")
