"""Regions with such plates, each by how few texts its formats allow."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lpr_engine.grammar.formats import FORMATS
from lpr_engine.grammar.likelihood import region_odds, shape_of


@given(st.text("ABIOQ0189", max_size=8))
def test_exactly_the_regions_whose_formats_match(text):
    fitting = {
        region
        for region, formats in FORMATS.items()
        if any(plate_format.matches(text) for plate_format in formats)
    }
    odds = region_odds(text)
    assert {region for region, _ in odds} == fitting
    assert all(value > 0 for _, value in odds)


def test_fewer_possible_texts_make_each_more_likely():
    odds = dict(region_odds("AB12CDE"))
    assert odds["GB"] > 50
    assert "DE" not in odds


def test_letters_that_a_country_does_not_issue():
    assert "ES" in dict(region_odds("1234BCD"))
    assert "ES" not in dict(region_odds("1234QCD"))


@pytest.mark.parametrize(("text", "shape"), [("AB12", "AA99"), ("", ""), ("Ä1", "A9")])
def test_shape(text, shape):
    assert shape_of(text) == shape
