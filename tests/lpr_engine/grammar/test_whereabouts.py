"""Given countries, history and the reader's word make one distribution over regions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lpr_engine.grammar.regions import country_of, shares
from lpr_engine.grammar.whereabouts import Heard, whereabouts

codes = st.sampled_from(["DE", "FR", "US", "US-CA", "US-NY", "BR", "XX"])
given_codes = st.lists(codes, max_size=3).map(tuple)
learned = st.dictionaries(codes, st.floats(0.01, 400), max_size=3).map(lambda d: tuple(d.items()))
said = st.dictionaries(codes, st.floats(0, 0.3), max_size=3)


@given(given_codes, learned, said)
def test_shares_are_a_distribution(countries, counts, word):
    here = whereabouts(countries, counts, Heard.of(word))
    values = [here.share(region) for region in shares()]
    assert sum(values) == pytest.approx(1.0)
    assert min(values) > 0
    assert sum(here.heard_shares.values()) <= 1.0 + 1e-9


def share_of(country, here):
    return sum(here.share(region) for region in shares() if country_of(region) == country)


def test_a_given_country_outweighs_any_history():
    here = whereabouts(("DE",), (("BR", 400.0),), Heard())
    assert share_of("DE", here) > 0.8
    assert share_of("BR", here) > share_of("BR", whereabouts(("DE",), (), Heard()))


def test_history_moves_shares_among_given_countries():
    before = whereabouts(("DE", "AT"), (), Heard())
    after = whereabouts(("DE", "AT"), (("AT", 200.0),), Heard())
    assert before.share("DE") > before.share("AT")
    assert after.share("AT") > after.share("DE")


def test_few_passages_change_little():
    before, after = (whereabouts((), counts, Heard()) for counts in ((), (("LU", 1.0),)))
    assert after.share("LU") < before.share("LU") + 0.05


def test_the_word_on_a_country_is_for_all_its_parts():
    here = whereabouts((), (), Heard.of({"US": 0.9}))
    assert share_of("US", here) > 0.8
    assert here.share("US-CA") > here.share("US-WY")


def test_the_word_on_a_part_is_for_that_part():
    here = whereabouts((), (), Heard.of({"US-WY": 0.9}))
    assert here.share("US-WY") > here.share("US-CA")


def test_many_doubtful_parts_make_a_sure_country():
    states = ["US-AL", "US-CO", "US-IL", "US-KY", "US-NY", "US-OH", "US-TX", "US-UT"]
    here = whereabouts((), (), Heard.of({**dict.fromkeys(states, 0.1), "US": 0.15}))
    assert share_of("US", here) == pytest.approx(
        share_of("US", whereabouts((), (), Heard.of({"US": 0.95})))
    )
    assert here.share("US-NY") > here.share("US-CA") / 2


def test_names_of_one_region_count_together():
    assert Heard.of({"GB": 0.3, "UK": 0.3, "United Kingdom": 0.1, "?": 0.2}) == Heard(
        (("GB", pytest.approx(0.7)),)
    )


def test_the_word_abroad_counts_less_where_countries_are_given():
    word = Heard.of({"AU-WA": 0.95})
    nowhere_given, us_given = whereabouts((), (), word), whereabouts(("US",), (), word)
    assert share_of("AU", nowhere_given) > 0.2
    assert share_of("AU", us_given) < share_of("US", us_given) / 5
