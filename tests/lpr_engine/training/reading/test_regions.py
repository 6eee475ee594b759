import numpy as np
import pytest

from lpr_engine.training.reading.regions import UNKNOWN, RegionList, region_list

SOME = RegionList(("BR", "CN", "US", "US-CA", "US-TX"))


def test_a_list_holds_iso_codes_in_order():
    assert region_list(["US-CA", "BR", "EU", "", "world", "BR"]).names == ("BR", "US-CA")


def test_one_region_is_nothing_to_tell():
    assert region_list(["BR", "EU", "BR"]) == RegionList(())
    assert RegionList(()).members.shape == (0, 0)


@pytest.mark.parametrize(
    ("written", "means"),
    [
        ("br", {"BR"}),
        (" CN ", {"CN"}),
        ("us", {"US", "US-CA", "US-TX"}),
        ("us-tx", {"US-TX"}),
    ],
)
def test_what_is_written_means_regions(written, means):
    row = SOME.members[SOME.written(written)]
    assert {name for name, meant in zip(SOME.names, row, strict=True) if meant} == means


@pytest.mark.parametrize("written", ["", "eu", "made", "DE"])
def test_other_words_are_unknown(written):
    assert SOME.written(written) == UNKNOWN


def test_a_drawn_region_is_exact():
    assert SOME.labels[SOME.drawn("US")] == "US"
    assert SOME.members[SOME.drawn("US")].sum() == 1


def test_a_country_is_likeliest_by_all_its_regions_together():
    assert SOME.answers(np.array([0.4, 0, 0.1, 0.3, 0.2], np.float32)) == {"US"}
    assert SOME.answers(np.array([0.2, 0, 0.1, 0.4, 0.3], np.float32)) == {"US", "US-CA"}
    assert SOME.answers(np.array([0.6, 0, 0.1, 0.2, 0.1], np.float32)) == {"BR"}
