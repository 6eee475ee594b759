"""Matching: near enough, never ambiguous, the same both ways."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lpr_engine.model.passage import Alternative
from lpr_engine.plates.matching import Likeness, VehicleIndex, allowed_distance, likeness
from lpr_engine.plates.near_texts import NearTexts

texts = st.text("ABDEIO0158", max_size=8)
wide_texts = st.text("ABDEIO0158CGQÄЖ京🚚", max_size=9)


@pytest.mark.parametrize(
    ("text", "known", "expected"),
    [
        ("LS15EBC", "LS15EBC", Likeness.EXACT),
        ("LSI5E8C", "LS15EBC", Likeness.LOOKALIKE),
        ("LS15EBX", "LS15EBC", Likeness.SIMILAR),
        ("S15EBC", "LS15EBC", Likeness.SIMILAR),
        ("LS15XXC", "LS15EBC", None),
        ("15EBC", "LS15EBC", None),
        ("AB3D", "AB8D", Likeness.SIMILAR),
        ("ABXD", "AB8D", None),
        ("AB1", "AB7", None),
        ("A81", "AB1", Likeness.LOOKALIKE),
    ],
)
def test_likeness(text, known, expected):
    assert likeness(text, known) is expected


@given(texts, texts)
def test_likeness_is_symmetric(first, second):
    assert likeness(first, second) is likeness(second, first)


@given(st.integers(0, 40))
def test_longer_texts_may_be_farther(length):
    assert allowed_distance(length) <= allowed_distance(length + 1) <= 1.0


@pytest.mark.parametrize(
    ("text", "expected", "kind"),
    [
        ("LS15EBC", "LS15 EBC", Likeness.EXACT),
        ("ls15-ebc", "LS15 EBC", Likeness.EXACT),
        ("L515EBC", "LS15 EBC", Likeness.LOOKALIKE),
        ("LS15EBX", "LS15 EBC", Likeness.SIMILAR),
        ("ZZ99ZZZ", None, None),
        ("", None, None),
    ],
)
def test_match(yard, text, expected, kind):
    index = VehicleIndex([yard.vehicle("LS15 EBC"), yard.vehicle("B-AB 1234"), yard.vehicle("--")])
    match = index.match(text)
    assert (match.vehicle and match.vehicle.text, match.likeness) == (expected, kind)
    assert match.detail


@pytest.mark.parametrize(
    ("known", "text"),
    [
        (["AB123CD", "AB123CD "], "AB123CD"),
        (["ABO12", "AB012"], "ABQ12"),
        (["AB124CD", "AB125CD"], "AB12WCD"),
    ],
)
def test_two_equally_near_are_refused(yard, known, text):
    match = VehicleIndex([yard.vehicle(plate) for plate in known]).match(text)
    assert match.vehicle is None
    assert "ambiguous" in match.detail
    assert all(plate in match.detail for plate in known)


def test_the_nearer_of_two_wins(yard):
    index = VehicleIndex([yard.vehicle("AB128CD"), yard.vehicle("AB12WCD")])
    assert index.match("AB123CD").vehicle.text == "AB128CD"


def test_an_alternative_is_found(yard):
    index = VehicleIndex([yard.vehicle("LS15EBC")])
    match = index.match("XX15EYY", [Alternative("LS15EBC", 0.3)])
    assert (match.vehicle.text, match.likeness) == ("LS15EBC", Likeness.ALTERNATIVE)


def test_an_unlikely_alternative_is_not(yard):
    index = VehicleIndex([yard.vehicle("LS15EBC")])
    assert index.match("XX15EYY", [Alternative("LS15EBC", 0.01)]).vehicle is None


def test_the_text_goes_before_its_alternatives(yard):
    index = VehicleIndex([yard.vehicle("LS15EBC"), yard.vehicle("LS15EBG")])
    assert index.match("LS15EBC", [Alternative("LS15EBG", 0.4)]).vehicle.text == "LS15EBC"


@given(st.lists(texts, max_size=6, unique=True), texts)
def test_a_known_text_is_always_matched_exactly(yard, known, text):
    match = VehicleIndex([yard.vehicle(plate) for plate in known]).match(text)
    if text in known and text:
        assert match.likeness is Likeness.EXACT
        assert match.vehicle.text == text
    elif match.vehicle is not None:
        assert likeness(text, match.vehicle.text) is match.likeness


@given(st.lists(wide_texts.filter(bool), max_size=8, unique=True), wide_texts)
def test_no_similar_text_is_overlooked(known, text):
    candidates = NearTexts(known).candidates(text)
    similar = {one for one in known if likeness(text, one) is Likeness.SIMILAR}
    assert similar <= set(candidates)
    assert len(candidates) == len(set(candidates))


@pytest.mark.parametrize(
    ("text", "expected"),
    [("LS15EBC", Likeness.EXACT), ("l5i5-e8c", Likeness.LOOKALIKE), ("LS15EBX", None), ("", None)],
)
def test_a_text_that_a_person_vouches_for_is_taken_literally(yard, text, expected):
    match = VehicleIndex([yard.vehicle("LS15 EBC")]).match_literally(text)
    assert match.likeness is expected
    assert (match.vehicle is None) == (expected is None)
