"""The prior prefers what plates look like and forbids nothing."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lpr_engine.grammar.history import SiteHistory
from lpr_engine.grammar.prior import Grammar

USES = ("US-CA", "US", "GB")
countries = st.lists(st.sampled_from(["GB", "DE", "BR", "US", "US-CA", "XX"]), max_size=3)

texts = st.text("ABC019", min_size=1, max_size=9)


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


@pytest.mark.parametrize(
    ("word", "mixed"),
    [("OUTFRONT", "0UTFRONT"), ("PLATO", "PLAT0"), ("LUVPOKR", "LUVP0KR"), ("VISION", "V1SION")],
)
def test_a_sign_among_letters_is_a_letter(word, mixed):
    assert Grammar(("US",)).log_prior(word) > Grammar(("US",)).log_prior(mixed)


def test_a_state_keeps_its_own_format_before_those_of_its_country():
    text, other = "ABC1D23", "ABC1023"
    assert Grammar(("BR",)).log_prior(text) > Grammar(("BR",)).log_prior("ABC1DZ3")
    lead = [Grammar((c,)).log_prior("7ABC123") - Grammar((c,)).log_prior(other) for c in USES]
    assert lead[0] > lead[1] > lead[2]


def test_the_word_of_the_reader_moves_the_prior_and_does_not_rule_it():
    text = "9999AAA".replace("9", "4").replace("A", "B")
    quiet, spanish = Grammar().log_prior(text), Grammar().log_prior(text, {"ES": 0.95})
    foreign = Grammar().log_prior(text, {"GB": 0.99})
    assert spanish > quiet > foreign
    assert Grammar().log_prior(text, {"Spain": 0.95}) == spanish
    assert Grammar().log_prior(text, {"Atlantis": 1.0}) == quiet
    given = Grammar(("ES",)).log_prior(text, {"GB": 0.99})
    assert given > Grammar().log_prior(text, {"GB": 0.99})


@given(st.text(max_size=40), countries)
def test_nothing_is_impossible_or_certain(text, chosen):
    value = Grammar(tuple(chosen)).log_prior(text)
    assert math.isfinite(value)
    assert -1.0 < value < 8.0


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
        (("US-NY", "US-OH"), "ABC1234", "US"),
        (("US-CA",), "7ABC123", "US-CA"),
        (("GB",), "VANITY", None),
        ((), "LS15EBC", None),
        ((), "ABC123", None),
        ((), "", None),
    ],
)
def test_region_only_where_one_is_likely(chosen, text, region):
    assert Grammar(chosen).region_of(text) == region


@pytest.mark.parametrize(
    ("text", "said", "region"),
    [
        ("ABC123", {"SE": 0.9, "FI": 0.1}, "SE"),
        ("ABC123", {"SE": 0.5, "FI": 0.5}, None),
        ("VANITY", {"US": 0.97}, "US"),
        ("VANITY", {"US": 0.3}, None),
        ("ABC1234", {"US-NY": 0.97}, "US-NY"),
        ("LS15EBC", {"Narnia": 1.0}, None),
    ],
)
def test_region_by_format_and_reader_together(text, said, region):
    assert Grammar().region_of(text, said) == region


def test_a_given_country_stays_in_charge_against_one_wrong_word():
    assert Grammar(("GB",)).region_of("LS15EBC", {"DE": 0.6, "GB": 0.1}) == "GB"


def test_history_shows_what_is_usual_but_names_no_region():
    history = SiteHistory([("ABC1D23", "BR", 0.99)] * 200)
    learned, text = Grammar((), history), "ABC1D23"
    assert learned.log_prior(text) > Grammar().log_prior(text)
    assert learned.log_prior("XYZ1234") > Grammar().log_prior("XYZ1234")
    for said in (None, {"MX": 0.5}):
        assert learned.region_of("XYZ1234", said) == Grammar().region_of("XYZ1234", said)


@given(texts, texts, st.sampled_from(["BR", "GB", "US", None]), countries)
def test_history_is_capped(one, other, region, chosen):
    """However long, it leaves other regions and shapes a share, so a wrong one never locks in."""
    history = SiteHistory([("ABC1234", region, 1.0)] * 500)
    learned, plain = Grammar(tuple(chosen), history), Grammar(tuple(chosen))
    assert learned.log_prior(one) > plain.log_prior(one) - 0.8
    assert math.isfinite(learned.log_prior(other))
