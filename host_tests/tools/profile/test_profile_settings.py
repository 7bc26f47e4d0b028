"""The example profile and the list of settings are made from the firmware's table of settings."""

import tomllib

import pytest

from milepad.profile.check import check, is_good
from milepad.profile.meanings import MEANINGS
from tools.profile import __main__ as documents
from tools.profile.settings import EXAMPLES, Setting, all_settings

SETTINGS = all_settings()


def ids(setting: Setting) -> str:
    return f"{setting.section}.{setting.key}"


def test_the_example_in_the_repository_is_what_the_table_makes() -> None:
    assert documents.EXAMPLE.read_text("utf-8") == documents.example(), "make settings"


def test_the_list_in_the_readme_is_what_the_table_makes() -> None:
    text = documents.README.read_text("utf-8")
    assert text == documents.with_list(text), "make settings"


def test_the_list_replaces_what_stood_between_its_marks_and_nothing_else() -> None:
    text = f"before\n{documents.BEGIN}old\n{documents.END}\nafter\n"
    assert documents.with_list(text) == f"before\n{documents.listed()}\nafter\n"


@pytest.mark.parametrize("text", ["", documents.BEGIN, documents.END, "neither"])
def test_a_readme_without_both_marks_is_not_written(text: str) -> None:
    with pytest.raises(ValueError, match="expected <!-- settings"):
        documents.with_list(text)


def test_the_example_is_a_profile_with_every_setting_and_its_default() -> None:
    example = tomllib.loads(documents.example())
    assert check(example) == example
    for setting in SETTINGS:
        if not setting.is_required():
            assert example[setting.section][setting.key] == setting.default, setting.key


def test_what_a_new_row_lacks_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        Setting("partner", "region", "alphanumeric", default, (1, 4))
        for default in ("", None)
    ]
    monkeypatch.setitem(MEANINGS["partner"], "region", "")
    for row, meaning, said in zip(
        rows, ("", "Where"), ("a meaning in", "an example in"), strict=True
    ):
        MEANINGS["partner"]["region"] = meaning
        monkeypatch.setattr(documents, "all_settings", lambda row=row: [row])
        assert documents.main([]) == 1
        assert f"[partner] region: expected {said}" in capsys.readouterr().err


@pytest.mark.parametrize("setting", SETTINGS, ids=ids)
def test_a_row_of_the_table_is_complete(setting: Setting) -> None:
    assert is_good(setting.kind, setting.bounds, setting.example())
    assert setting.meaning[:1].isupper() and not setting.meaning.endswith(".")
    assert len(setting.meaning) <= 80 and "|" not in setting.meaning


def test_every_meaning_is_of_a_setting_and_in_the_tables_order() -> None:
    places = [f"{section}.{key}" for section, keys in MEANINGS.items() for key in keys]
    assert places == [ids(setting) for setting in SETTINGS]


def test_no_setting_stands_twice_and_a_section_stands_together() -> None:
    places = [ids(setting) for setting in SETTINGS]
    assert len(set(places)) == len(places)
    sections = [setting.section for setting in SETTINGS]
    assert sections == sorted(sections, key=sections.index)


def test_only_what_has_no_default_has_an_example() -> None:
    required = {(each.section, each.key) for each in SETTINGS if each.is_required()}
    assert set(EXAMPLES) == required
