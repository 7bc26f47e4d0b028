"""The buzzer's tones are told as the sounds that a cashier knows."""

from tools.handheld.chips.buzzer import Buzzer


def heard(*changes: tuple[float, int]) -> list[str]:
    buzzer = Buzzer()
    sounds = [buzzer.tone(frequency_hz, now_ms) for now_ms, frequency_hz in changes]
    return [sound for sound in sounds if sound is not None]


def test_a_key_click_and_an_ok():
    assert heard((0, 4000), (20, 0), (500, 2000), (700, 0)) == ["key", "ok"]


def test_two_clicks_are_two_sounds():
    assert heard((0, 4000), (20, 0), (40, 4000), (60, 0)) == ["key", "key"]


def test_three_bursts_are_one_error():
    bursts = [(0, 400), (100, 0), (200, 400), (300, 0), (400, 400), (500, 0)]
    assert heard(*bursts) == ["error"]


def test_a_fourth_burst_is_another_error():
    bursts = [(at, 400 if at % 200 == 0 else 0) for at in range(0, 800, 100)]
    assert heard(*bursts) == ["error", "error"]


def test_an_error_a_second_later_is_another_one():
    assert heard((0, 400), (100, 0), (1100, 400), (1200, 0)) == ["error", "error"]


def test_a_click_ends_an_error():
    assert heard((0, 400), (100, 0), (150, 4000), (170, 0), (200, 400)) == [
        "error",
        "key",
        "error",
    ]


def test_a_frequency_that_means_nothing_is_a_complaint():
    buzzer = Buzzer()
    assert buzzer.tone(1234, 0) is None
    assert buzzer.complaints.take() == ["buzzer: 1234 Hz is no sound that a cashier knows"]
    assert buzzer.complaints.take() == []
