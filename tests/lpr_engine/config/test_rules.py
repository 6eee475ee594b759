import math
from typing import Any

import pytest
import voluptuous as vol
from hypothesis import given
from hypothesis import strategies as st

from lpr_engine.config import rules
from lpr_engine.config.values import LooseText, RefusedError, SecretText


def refusal(rule: rules.Rule, value: Any) -> RefusedError:
    with pytest.raises(RefusedError) as caught:
        rule(value)
    return caught.value


@pytest.mark.parametrize("value", ["a", "gate_1", "0", "_", "x" * 64])
def test_id_is_kept(value: str) -> None:
    assert rules.identifier(value) == value


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        ("", None),
        ("Gate", "`gate` would do"),
        ("front gate", "`front_gate` would do"),
        ("gate+", "`gate` would do"),
        ("#", None),
        ("a/b", "`a_b` would do"),
        ("tür", "`t_r` would do"),
        ("gate\n", "`gate` would do"),
        ("\u202egate", "`gate` would do"),
        ("x" * 65, f"`{'x' * 64}` would do"),
        ("٣", None),
        (SecretText("Gate"), None),
    ],
)
def test_id_with_other_signs_is_refused_with_a_hint(value: str, hint: str | None) -> None:
    error = refusal(rules.identifier, value)
    assert error.hint == hint
    assert "\u202e" not in error.what
    assert "\n" not in error.what


@pytest.mark.parametrize(
    ("value", "clean"),
    [
        ("Gate", "Gate"),
        ("  Gate  ", "Gate"),
        ("Zufahrt Süd / Tor #2 + Hof", "Zufahrt Süd / Tor #2 + Hof"),
        ("u\u0308", "ü"),
        ("\u5927\u95e8", "\u5927\u95e8"),
        ("\U0001f468\u200d\U0001f467", "\U0001f468\u200d\U0001f467"),
    ],
)
def test_name_for_people_may_hold_any_visible_sign(value: str, clean: str) -> None:
    assert rules.label(100)(value) == clean


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("", "empty"),
        (" \u3000 ", "empty"),
        ("a\nb", "line break or control"),
        ("a\x00b", "line break or control"),
        ("a\x1b[31mb", "line break or control"),
        ("a\u2028b", "line break or control"),
        ("a\ud800b", "line break or control"),
        ("a\u202eb", "U+202E"),
        ("a\u2066b", "U+2066"),
        ("a\u200bb", "U+200B"),
        ("a\ufeffb", "U+FEFF"),
        ("a\ue000b", "U+E000"),
        ("x" * 300, "300 characters"),
    ],
)
def test_name_that_hides_or_breaks_text_is_refused(value: str, words: str) -> None:
    assert words in refusal(rules.label(100), value).what


@pytest.mark.parametrize("value", ["lpr", "homeassistant", "a/b/c", "A-1_b"])
def test_topic_is_kept(value: str) -> None:
    assert rules.topic(value) == value


@pytest.mark.parametrize(
    "value", ["", "/", "a/", "/a", "a//b", "+", "a/#", "$SYS", "a b", "ä", "a\n", "a" * 201, "a\0"]
)
def test_topic_with_wildcards_or_empty_levels_is_refused(value: str) -> None:
    assert refusal(rules.topic, value).what


@pytest.mark.parametrize("value", [True, False, "1", None, [1], {}, math.nan, math.inf, 0.5, 9])
def test_number_refuses_what_is_none_in_its_range(value: object) -> None:
    assert refusal(rules.number(1, 5), value).what


@given(st.floats(0.1, 60) | st.integers(1, 60))
def test_number_in_range_becomes_a_float(value: float) -> None:
    result = rules.number(0.1, 60)(value)
    assert isinstance(result, float)
    assert result == value


def test_whole_number_takes_a_float_without_fraction() -> None:
    assert rules.whole(0, 10)(7.0) == 7
    assert isinstance(rules.whole(0, 10)(7.0), int)
    assert refusal(rules.whole(0, 10), 7.5).what == "7.5 is not whole"
    assert refusal(rules.whole(0, 10), "7").hint == "take the quotes off"


@pytest.mark.parametrize(("text", "value"), [("7", 7), (" 7 ", 7), ("7.0", 7)])
def test_loose_text_may_be_a_number(text: str, value: int) -> None:
    assert rules.whole(0, 10)(LooseText(text)) == value


@pytest.mark.parametrize("text", ["", "seven", "7 8", "0x7", "11", "nan", ".nan", "\u0667"])
def test_loose_text_that_is_no_number_is_refused(text: str) -> None:
    assert refusal(rules.whole(0, 10), LooseText(text)).what


@pytest.mark.parametrize("word", ["true", "Yes", "ON", " on "])
def test_flag_takes_loose_words(word: str) -> None:
    assert rules.flag(LooseText(word)) is True
    assert rules.flag(LooseText("off")) is False
    refusal(rules.flag, word)


@pytest.mark.parametrize("value", [0, 1, "true", None, LooseText("maybe"), []])
def test_flag_refuses_the_rest(value: object) -> None:
    assert refusal(rules.flag, value).what


@pytest.mark.parametrize("value", [0, 90, 180, 270, 90.0])
def test_quarter_turns(value: float) -> None:
    assert rules.rotation(value) == value


@pytest.mark.parametrize("value", [-90, 45, 360, 1e9, math.nan, True, "90"])
def test_other_turns_are_refused(value: object) -> None:
    assert refusal(rules.rotation, value).what


@pytest.mark.parametrize(
    ("value", "code"), [("de", "DE"), (" At ", "AT"), ("XK", "XK"), ("us-ca", "US-CA")]
)
def test_country_is_upper_case(value: str, code: str) -> None:
    assert rules.country(value) == code


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        ("UK", "did you mean `GB`?"),
        ("ZZ", None),
        ("ZZ-A", None),
        ("DEU", None),
        ("US-", None),
        ("US-CALI", None),
        ("", None),
    ],
)
def test_unknown_country_is_refused(value: str, hint: str | None) -> None:
    assert refusal(rules.country, value).hint == hint


def test_choice_hints_at_the_nearest_word() -> None:
    rule = rules.choice(("debug", "info", "warning"))
    assert rule("Info") == "info"
    assert refusal(rule, "warn").hint == "did you mean `warning`?"
    assert refusal(rule, "loud").hint is None


@pytest.mark.parametrize("value", ["a" * 16, "A9-._~+/=" * 2])
def test_token_is_kept(value: str) -> None:
    assert rules.token(value) == value


@pytest.mark.parametrize("value", ["a" * 15, "a" * 15 + " ", "ä" * 16, "a\n" * 16, "", 5])
def test_token_that_no_header_can_carry_is_refused_unseen(value: object) -> None:
    error = refusal(rules.token, value)
    assert str(value) not in error.what or value == ""


@pytest.mark.parametrize("value", [" spaced ", "p@ss:w/o#r?d", "\u202e", ""])
def test_password_is_kept_as_it_is(value: str) -> None:
    assert rules.secret(value) == value


@pytest.mark.parametrize("value", ["a\nb", "a\0b", "a\udcff", "x" * 5000, 12345, None, ["a"]])
def test_password_that_no_protocol_can_carry_is_refused_unseen(value: object) -> None:
    error = refusal(rules.secret, value)
    assert str(value) not in f"{error.what} {error.expected} {error.hint}"


def test_each_judges_all_entries_of_a_list() -> None:
    with pytest.raises(vol.MultipleInvalid) as caught:
        rules.each(rules.each(rules.country))([["de", "x"], 5, ["y"]])
    assert [error.path for error in caught.value.errors] == [[0, 1], [1], [2, 0]]
    assert rules.each(rules.country)(["de", "at"]) == ("DE", "AT")
    assert "at most 2" in str(refusal(rules.each(rules.country, most=2), ["de"] * 3).expected)


@pytest.mark.parametrize(
    ("value", "clean"), [("03:30", "03:30"), ("3:30", "03:30"), (" 23:59 ", "23:59")]
)
def test_time_of_day_has_two_digits_each(value: str, clean: str) -> None:
    assert rules.time_of_day(value) == clean


@pytest.mark.parametrize("value", ["24:00", "3:5", "03:60", "noon", "", "-1:00", "\u0663:30", 330])
def test_other_times_of_day_are_refused(value: object) -> None:
    assert "00:00 to 23:59" in str(refusal(rules.time_of_day, value).expected)
