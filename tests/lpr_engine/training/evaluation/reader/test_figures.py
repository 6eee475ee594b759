import pytest

from lpr_engine.training.evaluation.reader.causes import Cause
from lpr_engine.training.evaluation.reader.figures import ReaderReport, Way, is_region_right


def test_figures_of_a_set(row):
    rows = (
        row("AB10", "AB10", 1.0),
        row("AB10", "AB1O", 0.8),
        row("AB10", "AX1", 0.6, once="AB10"),
        row("XYZ", "XYZ", 0.5, group="us"),
    )
    report = ReaderReport(rows)
    eu, us = report.sets()
    assert (eu.name, eu.plates, eu.exact, eu.exact_folded) == ("eu", 3, 1, 2)
    assert eu.character_error_rate == pytest.approx(3 / 12)
    assert eu.confidence == pytest.approx(0.8)
    assert eu.crop_ms == 4.0
    assert (us.plates, us.exact) == (1, 1)
    assert us.calibration_error == pytest.approx(0.5)
    assert report.total().exact == 2
    once = report.total(Way.ONE_LOOK)
    assert (once.exact, once.crop_ms, once.exact_bare) == (3, 2.0, 2)


def test_failures_come_by_cause_and_the_surest_first(row):
    rows = (
        row("AB123", "", 0.0),
        row("AB123", "A8123", 0.6),
        row("AB123", "AB128", 0.9),
        row("AB120", "AB12O", 0.7),
        row("AB123", "AB123", 1.0),
    )
    failures = ReaderReport(rows).failures
    assert [(one.cause(), one.answers[Way.SECOND_LOOK].confidence) for one in failures] == [
        (Cause.LOOKALIKE, 0.7),
        (Cause.ONE_SIGN, 0.9),
        (Cause.ONE_SIGN, 0.6),
        (Cause.NOTHING, 0.0),
    ]


@pytest.mark.parametrize(
    ("label", "answer", "right"),
    [
        ("DE", "DE", True),
        ("de", "DE", True),
        ("DE", "FR", False),
        ("DE", "", False),
        ("US", "US-CA", True),
        ("US-CA", "US-CA", True),
        ("US-CA", "US", False),
        ("US-CA", "US-NY", False),
        ("eu", "DE", None),
        ("", "DE", None),
    ],
)
def test_region_counts_where_the_reader_could_know_it(label, answer, right):
    assert is_region_right(label, answer, ("DE", "FR", "US-CA", "US-NY")) is right


def test_readers_may_name_regions_in_english():
    known = ("Germany", "United Kingdom", "Unknown")
    assert is_region_right("DE", "Germany", known) is True
    assert is_region_right("gb", "Germany", known) is False
    assert is_region_right("FR", "Germany", known) is None


def test_regions_are_counted_over_a_set(row):
    rows = (
        row("A1", "A1", region="DE", answered="DE"),
        row("A1", "A1", region="DE", answered="FR"),
        row("A1", "A1", region="eu", answered="FR"),
    )
    assert ReaderReport(rows, ("DE", "FR")).total().regions_right == [True, False]
    assert ReaderReport(rows).total().regions_right == []


def test_figures_of_nothing_are_nought(row):
    total = ReaderReport(()).total()
    assert (total.plates, total.character_error_rate, total.confidence) == (0, 0, 0)
    assert (total.crop_ms, total.calibration_error) == (0, 0)
