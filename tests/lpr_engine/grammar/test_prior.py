"""The prior prefers what plates look like and forbids nothing."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lpr_engine.grammar.prior import Grammar

countries = st.lists(st.sampled_from(["GB", "DE", "BR", "US", "US-CA", "XX"]), max_size=3)


@pytest.mark.parametrize(
    ("country", "usual", "odd"),
    [
        ("GB", "LS15EBC", "LSI5EBC"),
        ("GB", "LS15EBC", "L515EBC"),
        ("BR", "ABC1D23", "A8C1D23"),
        ("BR", "ABC1234", "ABCI234"),
        ("DE", "BAB1234", "BAB123A"),
        ("US-CA", "7ABC123", "ABC7123"),
        ("FR", "AB123CD", "A8123CD"),
    ],
)
def test_a_plate_of_the_country_is_more_usual(country, usual, odd):
    grammar = Grammar((country,))
    assert grammar.log_prior(usual) > grammar.log_prior(odd)


def test_without_a_country_formats_count_less():
    anywhere, british = Grammar(), Grammar(("GB",))
    usual, odd = "LS15EBC", "LSI5EBC"
    lead = anywhere.log_prior(usual) - anywhere.log_prior(odd)
    assert 0 < lead < british.log_prior(usual) - british.log_prior(odd)


@given(st.text(max_size=40), countries)
def test_nothing_is_impossible_or_certain(text, chosen):
    value = Grammar(tuple(chosen)).log_prior(text)
    assert math.isfinite(value)
    assert -1.5 < value < 8.0


def test_unknown_countries_change_nothing():
    assert Grammar(("XX",)).log_prior("LS15EBC") == Grammar().log_prior("LS15EBC")


@pytest.mark.parametrize(
    ("chosen", "text", "shown"),
    [
        (("GB",), "LS15EBC", "LS15 EBC"),
        (("UK",), "LS15EBC", "LS15 EBC"),
        (("DE",), "BAB1234", None),
        (("DE",), "MX1", "M-X 1"),
        (("BR",), "ABC1234", "ABC-1234"),
        (("GB", "FR"), "AB123CD", "AB-123-CD"),
        ((), "LS15EBC", None),
        (("GB",), "NOPLATE1", None),
    ],
)
def test_display_where_it_is_clear(chosen, text, shown):
    assert Grammar(chosen).display(text) == shown


def test_display_by_the_region_that_was_read():
    assert Grammar(("GB",)).display("ABC1234", "BR") == "ABC-1234"
    assert Grammar(("GB",)).display("LS15EBC", "Atlantis") == "LS15 EBC"


@pytest.mark.parametrize(
    ("chosen", "text", "region"),
    [
        (("GB",), "LS15EBC", "GB"),
        (("GB", "BR"), "ABC1D23", "BR"),
        (("US-NY", "US-OH"), "ABC1234", None),
        (("GB",), "VANITY", None),
        ((), "LS15EBC", None),
    ],
)
def test_region_only_where_one_country_fits(chosen, text, region):
    assert Grammar(chosen).region_of(text) == region
