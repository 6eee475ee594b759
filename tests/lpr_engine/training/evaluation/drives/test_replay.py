import pytest

from lpr_engine.config.sections import TrackingSection
from lpr_engine.grammar.prior import Grammar
from lpr_engine.training.evaluation.drives.replay import replay


def told_of(record):
    return replay(record, Grammar(()), TrackingSection())


def test_a_car_is_told_once_and_its_readings_are_counted(reel):
    film = reel("MKX4711")
    for _ in range(6):
        film.show("MKX4711")
    for _ in range(10):
        film.show(None)
    (told,) = told_of(film.record())
    assert told.final.text == "MKX4711"
    assert told.passer == 0
    assert told.votes == {0: 6}
    assert not told.cut_short
    assert told.previews[0].time_s < told.final.time_s
    assert told.final.time_s == pytest.approx(1.0 + 1.6)


def test_a_car_still_in_view_at_the_end_is_cut_short(reel):
    film = reel("MKX4711")
    for _ in range(6):
        film.show("MKX4711")
    (told,) = told_of(film.record())
    assert told.cut_short
    assert told.final.time_s == pytest.approx(1.0)


def test_two_cars_are_told_apart(reel):
    film = reel("MKX4711", "AB12CDE")
    for _ in range(6):
        film.show("MKX4711", "AB12CDE")
    told = told_of(film.record())
    assert {(one.passer, one.final.text) for one in told} == {(0, "MKX4711"), (1, "AB12CDE")}


def test_what_is_read_where_no_plate_is_belongs_to_nobody(reel):
    film = reel("MKX4711")
    for _ in range(6):
        film.show("MKX4711", stray="SALE50")
    told = told_of(film.record())
    assert {(one.passer, one.final.text) for one in told} == {(0, "MKX4711"), (None, "SALE50")}
