"""Votes: bounded, orderless, monotone, and better than counting whole strings."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lpr_engine.grammar.history import SiteHistory
from lpr_engine.grammar.prior import Grammar
from lpr_engine.model.observation import Reading
from lpr_engine.tracking.spelling import spell
from lpr_engine.tracking.vote import MAX_ALTERNATIVES, MAX_VOTERS, Vote


def free(_text: str) -> float:
    return 0.0


@pytest.fixture(scope="session")
def ballot(build):
    def vote(*readings, log_prior=free, quality=0.9):
        counted = Vote(log_prior)
        for reading in readings:
            spelling = spell(build.observation(None, 50, 50, reading=reading, quality=quality))
            if spelling is not None:
                counted.add(spelling)
        return counted

    return vote


texts = st.text("ABCDEIO0158", min_size=1, max_size=9)
certainties = st.floats(0.2, 0.999)
better_than_even = st.floats(0.5, 0.999)


def test_no_reading_no_outcome(ballot):
    assert ballot().outcome is None


def test_agreeing_readings_raise_confidence(build, ballot):
    one = ballot(build.reading("LS15EBC")).outcome
    three = ballot(*[build.reading("LS15EBC")] * 3).outcome
    assert one.text == three.text == "LS15EBC"
    assert one.confidence < three.confidence < 1.0


def test_a_lost_character_shifts_nothing(build, ballot):
    outcome = ballot(
        build.reading("LS15EBC"), build.reading("S15EBC"), build.reading("LS15BC")
    ).outcome
    assert outcome.text == "LS15EBC"


def test_an_invented_character_is_dropped(build, ballot):
    readings = [build.reading(text) for text in ("LS15EBC", "LS115EBC", "1LS15EBC")]
    assert ballot(*readings).outcome.text == "LS15EBC"


def test_every_character_by_its_own_majority(build, ballot):
    readings = [build.reading(text) for text in ("XS15EBC", "LX15EBC", "LS15EBX")]
    outcome = ballot(*readings).outcome
    assert outcome.text == "LS15EBC"
    assert outcome.agreeing == 3


def test_a_sharp_reading_outweighs_two_blurred_ones(build, ballot):
    counted = Vote(free)
    for text, certainty, quality in (("AB123CD", 0.99, 1.0), ("AB128CD", 0.5, 0.1)):
        reading = build.reading(text, certainty)
        counted.add(spell(build.observation(None, 9, 9, reading=reading, quality=quality)))
    assert counted.outcome.text == "AB123CD"


def test_one_reading_says_what_it_says_at_any_weight(build, ballot):
    sharp = ballot(build.reading("AB123CD", 0.9), quality=1.0).outcome
    alone = ballot(build.reading("AB123CD", 0.9), quality=0.9).outcome
    assert alone.confidence == pytest.approx(sharp.confidence, abs=0.01)


def test_a_near_reading_is_not_outvoted_by_many_far_ones(build):
    counted = Vote(free)
    far = [("AB128CD", 0.62, 0.4)] * 20
    for text, certainty, quality in [*far, ("AB123CD", 0.97, 0.7), *far]:
        reading = build.reading(text, certainty)
        counted.add(spell(build.observation(None, 9, 9, reading=reading, quality=quality)))
    assert counted.outcome.text == "AB123CD"


def test_a_reading_in_doubt_of_its_end_is_little_heard_at_its_start(build, ballot):
    readings = [build.reading("OKG4036", 0.9)]
    for seen in ("DXG4036", "DKG4035", "DWG4035", "DKG4136", "DKG8035", "DKG4016"):
        table = build.reading(seen, 0.97).probabilities.copy()
        table[3:7] = 1 / 37
        table[3:7, [build.signs.index(sign) for sign in seen[3:]]] += 0.2
        readings.append(Reading(seen, table, build.signs + "_"))
    assert ballot(*readings).outcome.text == "OKG4036"


def test_confidence_does_not_explode_with_doubtful_frames(build, ballot):
    both = [build.reading("AB1", 0.4), build.reading("AB7", 0.4)]
    outcome = ballot(build.reading("AB1", 0.41), *both * 20).outcome
    assert outcome.text == "AB1"
    assert outcome.confidence < 0.9
    assert outcome.alternatives[0].text == "AB7"


def test_the_prior_decides_between_lookalikes(build, ballot):
    readings = [build.reading("LS15EBC", 0.6), build.reading("L515EBC", 0.62)]

    def british(text):
        return 0.0 if text[:2].isalpha() else -4.0

    assert ballot(*readings).outcome.text == "L515EBC"
    assert ballot(*readings, log_prior=british).outcome.text == "LS15EBC"


def test_the_prior_never_overrules_clear_readings(build, ballot):
    readings = [build.reading("L515EBC", 0.98)] * 3
    clear = ballot(*readings, log_prior=lambda text: -4.0 * (text == "L515EBC")).outcome
    assert clear.text == "L515EBC"


plates = st.text("ABDGIOQSZ0125688", min_size=3, max_size=8)


@settings(max_examples=60, deadline=None)
@given(
    plates,
    st.sampled_from([(), ("GB",), ("DE", "AT"), ("US-CA",), ("BR",)]),
    st.sampled_from([None, {"DE": 0.99}, {"US": 0.99}]),
    st.floats(0.6, 1.0),
    st.integers(1, 3),
)
def test_no_format_replaces_a_clear_character(build, ballot, text, countries, said, quality, count):
    """What the reader gives more than 0.99 stands against all that it gives less than 0.001."""
    history = SiteHistory([("ABC1D23", "BR", 1.0)] * 300)
    grammar = Grammar(countries, history)
    readings = [build.reading(text, 0.991)] * count
    outcome = ballot(
        *readings, log_prior=lambda other: grammar.log_prior(other, said), quality=quality
    ).outcome
    assert outcome.text == text


def test_the_most_that_a_prior_can_do_is_bounded(build, ballot):
    def absolute(text):
        return 1e6 * (text == "L515EBC")

    assert ballot(build.reading("LS15EBC", 0.995), log_prior=absolute).outcome.text == "LS15EBC"


def test_alphabets_may_change_within_a_track(build, ballot):
    small = type(build.reading("A"))(
        "A1", np.array([[0.9, 0.05, 0.05], [0.05, 0.9, 0.05]], np.float32), "A1_"
    )
    assert ballot(small, build.reading("A1")).outcome.text == "A1"


def test_voters_are_bounded_but_all_are_counted(build, ballot):
    counted = ballot(*[build.reading("LS15EBC")] * (MAX_VOTERS + 10))
    assert counted.count == MAX_VOTERS + 10
    assert counted.outcome.agreeing == MAX_VOTERS


def test_joined_votes_count_together(build, ballot):
    first, second = ballot(build.reading("LS15EBC")), ballot(*[build.reading("LS15EBC")] * 2)
    first.join(second)
    assert first.count == 3
    assert first.outcome == ballot(*[build.reading("LS15EBC")] * 3).outcome


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(texts, certainties), min_size=1, max_size=6))
def test_probabilities_are_bounded(build, ballot, said):
    outcome = ballot(*[build.reading(*reading) for reading in said]).outcome
    if outcome is None:
        return
    shares = [outcome.confidence, *(other.confidence for other in outcome.alternatives)]
    assert all(0.0 <= share <= 1.0 for share in shares)
    assert sum(shares) <= 1.0 + 1e-9
    assert shares == sorted(shares, reverse=True)
    assert len(outcome.alternatives) <= MAX_ALTERNATIVES
    assert outcome.text == "".join(sign for sign, _ in outcome.characters)
    assert all(0.0 <= value <= 1.0 for _, value in outcome.characters)
    assert outcome.text not in {other.text for other in outcome.alternatives}


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_order_does_not_matter(build, ballot, data):
    said = data.draw(st.lists(st.tuples(texts, certainties), min_size=1, max_size=6))
    shuffled = data.draw(st.permutations(said))
    outcomes = [
        ballot(*[build.reading(*reading) for reading in order]).outcome
        for order in (said, shuffled)
    ]
    first, second = [(o.text, round(o.confidence, 9)) if o else None for o in outcomes]
    assert first == second


@settings(max_examples=40, deadline=None)
@given(texts, st.lists(better_than_even, min_size=1, max_size=8), better_than_even)
@example("0IODEEEAD", [0.56] * 7, 0.742)
@example("8CAI5OA0D", [0.59] * 8, 0.982)
def test_an_agreeing_reading_never_lowers_confidence(build, ballot, text, before, one_more):
    readings = [build.reading(text, certainty) for certainty in before]
    fewer = ballot(*readings).outcome
    more = ballot(*readings, build.reading(text, one_more)).outcome
    assert more.text == fewer.text == text
    assert more.confidence >= fewer.confidence - 1e-9


def majority(readings) -> str:
    """The text read most often, the surest of those: what voting on whole strings does."""
    counts = Counter(reading.text for reading in readings)
    return max(readings, key=lambda r: (counts[r.text], r.confidence)).text


@pytest.mark.parametrize(("count", "share"), [(3, 0.5), (5, 0.25), (9, 0.25)])
def test_at_most_half_the_errors_of_majority_voting(build, ballot, count, share):
    rng = np.random.default_rng(20260501)
    reader = build.reader(rng)
    errors = Counter()
    for _ in range(120):
        text = "".join(rng.choice(list(build.signs), 7))
        readings = [reader.read(text) for _ in range(count)]
        errors["vote"] += ballot(*readings).outcome.text != text
        errors["majority"] += majority(readings) != text
    assert errors["majority"] >= 10
    assert errors["vote"] <= share * errors["majority"]


def test_confidence_is_roughly_calibrated(build, ballot):
    rng = np.random.default_rng(7)
    reader = build.reader(rng)
    sure, right = [], []
    for _ in range(200):
        text = "".join(rng.choice(list(build.signs), 7))
        outcome = ballot(*[reader.read(text) for _ in range(3)]).outcome
        sure.append(outcome.confidence)
        right.append(outcome.text == text)
    assert np.mean(right) == pytest.approx(np.mean(sure), abs=0.08)


def test_knowing_the_country_helps(build, ballot):
    rng = np.random.default_rng(11)
    reader = build.reader(rng)
    british = Grammar(("GB",)).log_prior
    errors = Counter()
    for _ in range(300):
        letters, digits = rng.choice(list("ABCDEFGHJKLMNOPRSTUVWXY"), 5), rng.integers(0, 10, 2)
        text = "".join([*letters[:2], *map(str, digits), *letters[2:]])
        readings = [reader.read(text) for _ in range(2)]
        errors["free"] += ballot(*readings).outcome.text != text
        errors["british"] += ballot(*readings, log_prior=british).outcome.text != text
    assert errors["british"] <= 0.75 * errors["free"]
