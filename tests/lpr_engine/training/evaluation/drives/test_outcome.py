import pytest

from lpr_engine.config.sections import TrackingSection
from lpr_engine.grammar.prior import Grammar
from lpr_engine.training.evaluation.drives.outcome import judge_drive
from lpr_engine.training.evaluation.drives.voters import Way


def judged(film):
    return judge_drive(film.record(), Grammar(()), TrackingSection())


def test_each_way_is_compared_on_the_same_readings(reel):
    film = reel("LS15EBC")
    for text in ("XS15EBC", "XS15EBC", "LX15EBC", "LS15EBX", "LS1SEBC", "LS15EBC"):
        film.show(text, sure=0.8)
    for _ in range(10):
        film.show(None)
    (car,) = judged(film).passers
    assert car.readings == 6
    assert car.error(Way.FRAME, fold=False) == pytest.approx(5 / 6)
    assert car.error(Way.MAJORITY, fold=False) == 1.0
    assert car.error(Way.OURS, fold=False) == 0.0
    assert car.texts[Way.MAJORITY] == "XS15EBC"
    assert (car.finals, car.is_lost, car.is_split, car.is_merged) == (1, False, False, False)
    assert car.widest_px == pytest.approx(100.0)


def test_lookalikes_are_told_twice(reel):
    film = reel("MO111")
    for _ in range(4):
        film.show("M0111")
    (car,) = judged(film).passers
    assert car.error(Way.MAJORITY, fold=False) == 1.0
    assert car.error(Way.MAJORITY, fold=True) == 0.0


def test_delays_run_from_the_first_right_frame_and_from_the_last_sight(reel):
    film = reel("MKX4711")
    for text in ("MKX47", "KX4711", *["MKX4711"] * 4, None, None, *[None] * 9):
        film.show(text)
    (car,) = judged(film).passers
    assert car.preview_delay_s == pytest.approx(0.2)
    assert car.final_delay_s == pytest.approx(1.6)


def test_a_car_that_comes_again_much_later_is_split(reel):
    film = reel("MKX4711")
    for _ in range(4):
        film.show("MKX4711")
    for _ in range(70):
        film.show(None)
    for _ in range(4):
        film.show("MKX4711")
    (car,) = judged(film).passers
    assert (car.finals, car.is_split) == (2, True)


def test_a_car_hardly_seen_is_lost(reel):
    film = reel("MKX4711")
    film.show("MKX4711")
    for _ in range(10):
        film.show(None)
    (car,) = judged(film).passers
    assert (car.readings, car.is_lost) == (1, True)
    assert car.error(Way.OURS, fold=True) == 1.0
    assert car.error(Way.MAJORITY, fold=True) == 0.0


def test_a_car_that_was_never_read_has_no_texts(reel):
    film = reel("MKX4711", "AB12CDE")
    for _ in range(4):
        film.show("MKX4711", None)
    assert judged(film).passers[1].texts == {}
    assert judged(film).passers[1].preview_delay_s is None


def test_readings_of_another_car_in_a_passage_are_a_merger(reel):
    film = reel("MKX4711", "MKX4711")
    for _ in range(4):
        film.show("MKX4711", None)
    for _ in range(3):
        film.show(None, "MKX4711")
    first, second = judged(film).passers
    assert (first.finals, first.is_merged) == (1, False)
    assert (second.finals, second.is_merged, second.is_lost) == (0, True, True)


def test_passages_of_nobody_are_false(reel):
    film = reel("MKX4711")
    for _ in range(5):
        film.show("MKX4711", stray="SALE50")
    assert judged(film).false_passages == 1


def test_a_parked_car_has_no_last_sight(reel):
    film = reel("MKX4711", parked=0)
    for _ in range(130):
        film.show("MKX4711")
    (car,) = judged(film).passers
    assert car.finals == 1
    assert car.final_delay_s is None
