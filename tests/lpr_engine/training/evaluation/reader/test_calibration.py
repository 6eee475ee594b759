import pytest
from hypothesis import given
from hypothesis import strategies as st

from lpr_engine.training.evaluation.reader.calibration import (
    BINS,
    confidence_bins,
    error_by_chance,
    expected_calibration_error,
)

CONFIDENCES = st.floats(0, 1)


def test_bins_follow_the_confidence():
    bins = confidence_bins([0.0, 0.2, 0.21, 0.95, 1.0], [False, True, False, True, True], count=5)
    assert [one.count for one in bins] == [2, 1, 0, 0, 2]
    assert bins[0].confidence == pytest.approx(0.1)
    assert bins[0].right == 0.5
    assert (bins[4].start, bins[4].end) == (0.8, 1.0)


@pytest.mark.parametrize(
    ("confidences", "rights", "error"),
    [
        ([1.0, 1.0], [True, True], 0.0),
        ([1.0, 1.0], [True, False], 0.5),
        ([0.5, 0.5], [True, False], 0.0),
        ([0.9, 0.1], [False, True], 0.9),
        ([0.9, 0.9, 0.9, 0.2], [True, True, True, False], 0.125),
        ([], [], 0.0),
    ],
)
def test_error_is_the_mean_distance_of_sure_and_right(confidences, rights, error):
    bins = confidence_bins(confidences, rights)
    assert expected_calibration_error(bins) == pytest.approx(error)


@given(st.lists(st.tuples(CONFIDENCES, st.booleans()), min_size=1))
def test_every_text_is_in_the_bin_of_its_confidence(pairs):
    bins = confidence_bins([pair[0] for pair in pairs], [pair[1] for pair in pairs])
    assert len(bins) == BINS
    assert sum(one.count for one in bins) == len(pairs)
    assert all(one.start - 1e-9 <= one.confidence <= one.end + 1e-9 for one in bins if one.count)
    assert 0 <= expected_calibration_error(bins) <= 1


@given(st.integers(1, 500), st.floats(0, 1))
def test_interval_holds_the_share_and_narrows_with_more_texts(count, share):
    right = round(share * count) / count
    (few,) = confidence_bins([0.5] * count, [n < right * count for n in range(count)], count=1)
    (many,) = confidence_bins(
        [0.5] * 4 * count, [n < right * 4 * count for n in range(4 * count)], count=1
    )
    low, high = few.interval
    assert 0 <= low <= few.right + 1e-9
    assert few.right - 1e-9 <= high <= 1
    assert many.interval[1] - many.interval[0] < high - low


def test_interval_of_nothing_is_everything():
    (empty,) = confidence_bins([], [], count=1)
    assert empty.interval == (0.0, 1.0)


def test_chance_alone_is_an_error_where_texts_are_few_and_doubtful():
    few, many = error_by_chance([0.7] * 25), error_by_chance([0.7] * 2500)
    # A share of 25 strays by sqrt(2 / pi * 0.7 * 0.3 / 25) in the mean.
    assert few == pytest.approx(0.0731, abs=0.008)
    assert many == pytest.approx(few / 10, rel=0.15)
    assert error_by_chance([1.0] * 25) == 0
    assert error_by_chance([]) == 0


def test_chance_shows_what_a_calibrated_reader_scores():
    confidences = [0.5 + n / 500 for n in range(240)]
    luck = [n * 37 % 101 / 101 for n in range(240)]
    bins = confidence_bins(
        confidences, [one < sure for one, sure in zip(luck, confidences, strict=True)]
    )
    measured = expected_calibration_error(bins)
    assert 0.3 < measured / error_by_chance(confidences) < 3
