import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lpr_engine.training.synthetic.formats import (
    ALPHABET,
    SEPARATORS,
    choose_format,
    plate_formats,
    plate_text,
)
from lpr_engine.training.synthetic.layouts import LAYOUTS


@given(index=st.integers(0, len(plate_formats()) - 1), seed=st.integers(0, 2**32 - 1))
def test_a_spelling_matches_its_formats_patterns(index, seed):
    plate_format = plate_formats()[index]
    spelling = plate_format.spell(np.random.default_rng(seed))
    assert plate_format.expression().fullmatch(spelling)
    assert set(spelling) <= set(ALPHABET + SEPARATORS)


@given(seed=st.integers(0, 2**32 - 1))
def test_a_text_is_its_spelling_without_separators(seed):
    spelling = choose_format(np.random.default_rng(seed)).spell(np.random.default_rng(seed))
    assert plate_text(spelling) == "".join(s for s in spelling if s not in SEPARATORS)


@pytest.mark.parametrize("plate_format", plate_formats(), ids=lambda f: f"{f.region}-{f.aspect}")
def test_every_format_can_be_drawn(plate_format):
    assert plate_format.layout in LAYOUTS
    assert plate_format.weight > 0
    assert set(plate_format.letters) <= set(ALPHABET)
    assert plate_format.colours


@pytest.mark.parametrize("region", ["DE", "FR", "IT", "ES", "NL", "PL", "GB", "US", "BR", "CN"])
def test_great_countries_are_there(region):
    assert region in {one.region for one in plate_formats()}


def test_a_province_sign_is_no_text():
    assert plate_text("*A.12345") == "A12345"


def test_heavier_formats_come_more_often():
    generator = np.random.default_rng(1)
    regions = [choose_format(generator).region for _ in range(600)]
    assert regions.count("US") > regions.count("LU")
