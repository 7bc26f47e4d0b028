"""What the demo prints around what happens."""

from types import SimpleNamespace

from tools.handheld import demo


def test_a_screen_is_drawn_in_a_box():
    assert demo.boxed(["AIR MILES"], 10, "┌─┐│└─┘") == [
        "  ┌────────────┐",
        "  │ AIR MILES  │",
        "  └────────────┘",
    ]


def test_a_step_that_did_not_happen_ends_the_demo_with_exit_1(monkeypatch, capsys):
    def no_emulator() -> None:
        raise RuntimeError("no emulator: port in use")

    fake = SimpleNamespace(running_emulator=no_emulator)
    monkeypatch.setattr(demo.importlib, "import_module", lambda _: fake)
    assert demo.main([]) == 1
    assert capsys.readouterr().err == "demo: no emulator: port in use\n"
