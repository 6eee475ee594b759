import math

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from lpr_engine.config.scalar import number_of, plain_scalar
from lpr_engine.config.values import LooseText


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("null", "~", None),
        ("bool", "true", True),
        ("bool", "False", False),
        ("bool", "NO", "NO"),
        ("bool", "on", "on"),
        ("int", "0", 0),
        ("int", "-12", -12),
        ("int", "0123", "0123"),
        ("int", "0x1F", "0x1F"),
        ("int", "1:30", "1:30"),
        ("int", "1_000", "1_000"),
        ("int", "9" * 500, "9" * 500),
        ("float", "0.5", 0.5),
        ("float", ".5", 0.5),
        ("float", "1.", 1.0),
        ("float", "-.inf", -math.inf),
        ("str", "1e3", 1000.0),
        ("str", "1e9999", math.inf),
        ("str", "gate", "gate"),
        ("timestamp", "2026-01-31", "2026-01-31"),
    ],
)
def test_unquoted_scalar_means_what_people_mean(kind: str, text: str, value: object) -> None:
    result = plain_scalar(kind, text, quoted=False)
    assert result == value
    assert isinstance(result, bool) == isinstance(value, bool)


def test_yes_and_no_stay_open_to_being_flags() -> None:
    assert isinstance(plain_scalar("bool", "no", quoted=False), LooseText)
    assert not isinstance(plain_scalar("str", "no", quoted=True), LooseText)


@pytest.mark.parametrize("text", ["12", "true", "1e3", "~", "no"])
def test_quoted_scalar_is_text(text: str) -> None:
    assert plain_scalar("str", text, quoted=True) == text


def test_surrogate_pairs_of_json_become_one_sign() -> None:
    assert plain_scalar("str", "\ud83d\ude97", quoted=True) == "\U0001f697"
    assert plain_scalar("str", "a\ud83d", quoted=True) == "a\ufffd"


@given(st.integers(-(10**30), 10**30) | st.floats(allow_nan=False))
def test_numbers_that_yaml_writes_are_read_back(value: float) -> None:
    assert number_of(yaml.safe_dump(value).splitlines()[0]) == value


@given(st.text(st.sampled_from("0123456789.eE+-infa "), max_size=12))
def test_number_of_any_text_is_what_python_reads_or_nothing(text: str) -> None:
    number = number_of(text)
    if number is not None and math.isfinite(number):
        assert number == float(text)
