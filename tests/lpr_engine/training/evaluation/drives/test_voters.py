from lpr_engine.grammar.prior import Grammar
from lpr_engine.training.evaluation.drives.voters import (
    best_frame,
    majority,
    our_vote,
    readings_of,
    sightings_by_passer,
    weighted_majority,
)
from tests.lpr_engine.training.evaluation.drives.conftest import reading


def test_best_frame_is_the_surest():
    assert best_frame([reading("AB1", 0.8), reading("AB7", 0.95), reading("AB1", 0.9)]) == "AB7"


def test_majority_counts_strings_and_takes_the_surest_of_equals():
    assert majority([reading("AB1", 0.8), reading("AB7", 0.95), reading("AB1", 0.9)]) == "AB1"
    assert majority([reading("AB1", 0.8), reading("AB7", 0.95)]) == "AB7"


def test_weighted_majority_sums_confidences():
    doubtful = [reading("ABCD1", 0.6)] * 2
    assert majority([*doubtful, reading("ABCD7", 0.98)]) == "ABCD1"
    assert weighted_majority([*doubtful, reading("ABCD7", 0.98)]) == "ABCD7"


def test_our_vote_puts_together_what_no_frame_read_as_a_whole(reel):
    film = reel("LS15EBC")
    for text in ("XS15EBC", "LX15EBC", "LS15EBX"):
        film.show(text, sure=0.8)
    sightings = sightings_by_passer(film.record())[0]
    assert len(readings_of(sightings)) == 3
    assert our_vote(sightings, Grammar(())) == "LS15EBC"


def test_plates_that_the_tracker_would_not_take_do_not_vote(reel):
    film = reel("LS15EBC", "AB12CDE")
    film.show("LS15EBC", "AB12CDE", stray="SALE50")
    found = sightings_by_passer(film.record())
    assert {at: len(found[at]) for at in found} == {0: 1, 1: 1, None: 1}
    assert our_vote([], Grammar(())) == ""
