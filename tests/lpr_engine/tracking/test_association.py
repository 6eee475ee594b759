"""Costs of pairs: position, growth and text, each where it is known."""

from __future__ import annotations

import math

import pytest

from lpr_engine.config.sections import CameraSection
from lpr_engine.tracking.association import ALONE_COST, associate, pair_cost
from lpr_engine.tracking.sighting import sight
from lpr_engine.tracking.track import Track


@pytest.fixture(scope="session")
def look(build):
    def make(text, x, y=300, width=100, certainty=0.95):
        observation = build.observation(text, x, y, width, certainty)
        return sight(CameraSection("gate", "test"), build.frame(0), [observation])[0]

    return make


@pytest.fixture(scope="session")
def track(build, look):
    def make(text, x=400, parked=False):
        one = Track(build.frame(0), look(text, x), 0.0, None, lambda _text, _regions: 0.0)
        one.observe(build.frame(0.1), look(text, x), 0.1)
        if parked:
            one.settle(0.1)
            one.parked = True
        return one

    return make


def test_the_same_place_and_text_is_cheapest(track, look):
    known = track("LS15EBC")
    costs = [
        pair_cost(known, look("LS15EBC", 405), 0.2),
        pair_cost(known, look("LS15EBX", 405), 0.2),
        pair_cost(known, look(None, 405), 0.2),
        pair_cost(known, look("XY987ZW", 405), 0.2),
    ]
    assert costs == sorted(costs)
    assert costs[2] < ALONE_COST < costs[3]


def test_far_away_only_the_same_text_helps(track, look):
    known = track("LS15EBC")
    assert pair_cost(known, look("LS15EBC", 1200), 0.2) < ALONE_COST
    assert pair_cost(known, look("LS15EBX", 1200), 0.2) == math.inf
    assert pair_cost(known, look(None, 1200), 0.2) == math.inf


def test_a_guess_repels_less_than_a_sure_reading(track, look):
    known = track("LS15EBC")
    guess, sure = (look("XY987ZW", 405, certainty=value) for value in (0.3, 0.95))
    assert pair_cost(known, guess, 0.2) < ALONE_COST < pair_cost(known, sure, 0.2)


@pytest.mark.parametrize(
    ("text", "x", "joins"),
    [
        ("LS15EBC", 430, True),
        (None, 430, True),
        ("XY987ZW", 400, False),
        ("LS15EBC", 560, False),
        (None, 560, False),
    ],
)
def test_a_parked_plate_keeps_to_its_place(track, look, text, x, joins):
    cost = pair_cost(track("LS15EBC", parked=True), look(text, x), 900.0)
    assert (cost < ALONE_COST) is joins


def test_pairs_are_the_best_together(track, look):
    tracks = [track("AB123CD", 400), track("XY987ZW", 460)]
    sightings = [look("XY987ZW", 440), look("AB123CD", 420), look("LS15EBC", 900)]
    assert associate(tracks, sightings, 0.2) == {0: 1, 1: 0}


def test_nothing_to_associate(track, look):
    assert associate([], [look("A1", 400)], 0.2) == {}
    assert associate([track("AB123CD")], [], 0.2) == {}
