"""Verdicts: the list that counts, what may open, and why not."""

from __future__ import annotations

import math
from datetime import timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lpr_engine.config.sections import TrackingSection
from lpr_engine.model.passage import Alternative, Stage, Verdict
from lpr_engine.model.question import Question
from lpr_engine.model.vehicle import ListMeaning, PlateList, ValidityWindow
from lpr_engine.plates.rules import PRIORITY, OpeningThresholds, PlateRules

LISTS = [PlateList(meaning.value, meaning) for meaning in ListMeaning]


@pytest.fixture(scope="session")
def rules(yard):
    def make(*vehicles, **options):
        return PlateRules(vehicles, LISTS, yard.clock, zone=timezone.utc, **options)

    return make


def failed(verdict: Verdict) -> set[str]:
    return {reason.check for reason in verdict.reasons if not reason.passed}


def test_an_allowed_vehicle_opens(yard, rules):
    verdict = rules(yard.vehicle("LS15EBC", "allow")).judge(yard.passage("LS15EBC"))
    assert (verdict.open, verdict.list_name, verdict.vehicle) == (True, "allow", "id-LS15EBC")
    assert failed(verdict) == set()
    assert all(reason.detail for reason in verdict.reasons)


@pytest.mark.parametrize("stage", list(Stage))
def test_preview_and_final_open_alike(yard, rules, stage):
    passage = yard.passage("LS15EBC", stage=stage)
    assert rules(yard.vehicle("LS15EBC", "allow")).judge(passage).open


def test_an_unknown_plate_says_why(yard, rules):
    verdict = rules().judge(yard.passage("LS15EBC"))
    assert (verdict.open, verdict.list_name, verdict.vehicle) == (False, None, None)
    assert failed(verdict) == {"match", "allowed", "literal"}


@pytest.mark.parametrize(
    ("change", "check"),
    [
        ({"confidence": 0.5}, "confidence"),
        ({"confidence": math.nan}, "confidence"),
        ({"readings": 1}, "readings"),
        ({"text": "LS15EBX"}, "literal"),
        ({"text": "XXXXXXX", "alternatives": (Alternative("LS15EBC", 0.4),)}, "literal"),
        ({"corrected_by": "anna"}, "observed"),
    ],
)
def test_one_failed_check_keeps_it_shut(yard, rules, change, check):
    passage = yard.passage(**{"text": "LS15EBC", **change})
    verdict = rules(yard.vehicle("LS15EBC", "allow")).judge(passage)
    assert not verdict.open
    assert verdict.vehicle == "id-LS15EBC"
    assert failed(verdict) == {check}


@pytest.mark.parametrize(
    ("age_s", "opens"), [(0, True), (7, True), (9, False), (3600, False), (-3600, False)]
)
def test_a_late_passage_never_opens(yard, rules, age_s, opens):
    passage = yard.passage("LS15EBC", last_seen=yard.noon - timedelta(seconds=age_s))
    verdict = rules(yard.vehicle("LS15EBC", "allow")).judge(passage)
    assert verdict.open is opens
    assert failed(verdict) == (set() if opens else {"fresh"})


@pytest.mark.parametrize("meaning", [one for one in ListMeaning if one is not ListMeaning.ALLOW])
def test_other_meanings_never_open(yard, rules, meaning):
    verdict = rules(yard.vehicle("LS15EBC", meaning.value)).judge(yard.passage("LS15EBC"))
    assert (verdict.open, verdict.list_name) == (False, meaning.value)
    assert failed(verdict) == {"allowed"}


@given(st.sets(st.sampled_from([one.value for one in ListMeaning]), min_size=1))
def test_the_strongest_meaning_counts(yard, rules, names):
    verdict = rules(yard.vehicle("LS15EBC", *names)).judge(yard.passage("LS15EBC"))
    assert verdict.list_name == next(one.value for one in PRIORITY if one.value in names)
    assert verdict.open is (verdict.list_name == "allow")


def test_a_list_that_is_gone_counts_nothing(yard, rules):
    verdict = rules(yard.vehicle("LS15EBC", "gone")).judge(yard.passage("LS15EBC"))
    assert verdict.list_name is None
    assert "list" in failed(verdict)


def test_outside_its_window_a_vehicle_is_known_but_stands_on_no_list(yard, rules):
    window = ValidityWindow(valid_until=yard.noon - timedelta(days=1))
    verdict = rules(yard.vehicle("LS15EBC", "allow", window=window)).judge(yard.passage("LS15EBC"))
    assert (verdict.vehicle, verdict.list_name, verdict.open) == ("id-LS15EBC", None, False)
    assert failed(verdict) == {"valid_until", "allowed"}


def test_a_vehicle_of_another_camera_stays_out(yard, rules):
    vehicle = yard.vehicle("LS15EBC", "allow", cameras=frozenset({"yard"}))
    assert failed(rules(vehicle).judge(yard.passage("LS15EBC"))) == {"camera", "allowed"}


def test_ambiguity_opens_nothing(yard, rules):
    both = [yard.vehicle("ABO12CD", "allow"), yard.vehicle("AB012CD", "allow")]
    verdict = rules(*both).judge(yard.passage("ABQ12CD"))
    assert (verdict.open, verdict.vehicle) == (False, None)
    assert "ambiguous" in verdict.reasons[0].detail


def test_lookalikes_open(yard, rules):
    assert rules(yard.vehicle("LS15EBC", "allow")).judge(yard.passage("L5I5E8C")).open


def test_thresholds_are_chosen(yard, rules):
    strict = rules(yard.vehicle("LS15EBC", "allow"), thresholds=OpeningThresholds(0.99, 9))
    assert failed(strict.judge(yard.passage("LS15EBC"))) == {"confidence", "readings"}


def test_vehicles_are_replaced(yard, rules):
    one = rules()
    one.replace([yard.vehicle("LS15EBC", "allow")], LISTS)
    assert one.judge(yard.passage("LS15EBC")).open
    one.replace([], LISTS)
    assert not one.judge(yard.passage("LS15EBC")).open


def test_the_defaults_open_at_the_first_preview(yard, rules):
    tracking = TrackingSection()
    first = yard.passage(
        "LS15EBC", confidence=tracking.preview_confidence, readings=tracking.min_readings
    )
    assert rules(yard.vehicle("LS15EBC", "allow")).judge(first).open


def test_a_correction_is_judged_by_its_own_text_alone(yard, rules):
    one = rules(yard.vehicle("LS15EBC", "allow"))
    read = {"text": "LS15EBX", "alternatives": (Alternative("LS15EBC", 0.4),)}
    assert one.judge(yard.passage(**read)).vehicle == "id-LS15EBC"
    assert one.judge(yard.passage(**read, corrected_by="anna")).vehicle is None


@given(st.sampled_from(["LS15EBC", "L5I5EBC", "LS15EBX", "ZZ99ZZZ"]), st.floats(0, 1))
def test_a_correction_opens_nothing_whatever_it_says(yard, rules, text, confidence):
    passage = yard.passage(text, confidence=confidence, corrected_by="anna")
    assert not rules(yard.vehicle("LS15EBC", "allow")).judge(passage).open


def test_an_explanation_is_the_verdict_that_a_passage_would_get(yard, rules):
    one = rules(yard.vehicle("LS15EBC", "allow"))
    asked = Question("ls15-ebc", "gate", yard.clock.now())
    assumed = one.explain(asked)
    seen = yard.passage("LS15EBC", last_seen=yard.clock.now(), confidence=1.0)
    assert assumed.verdict.open
    assert assumed.vehicle == yard.vehicle("LS15EBC", "allow")
    assert (assumed.passage.text, assumed.passage.confidence) == ("LS15EBC", 1.0)
    needed = one.judge(seen).reasons
    assert [reason.check for reason in assumed.verdict.reasons] == [one.check for one in needed]


def test_an_explanation_is_of_the_moment_asked_about(yard, rules):
    until = yard.noon + timedelta(days=30)
    one = rules(yard.vehicle("LS15EBC", "allow", window=ValidityWindow(valid_until=until)))
    within = Question("LS15EBC", "gate", until - timedelta(days=1))
    after = Question("LS15EBC", "gate", until + timedelta(days=1))
    assert one.explain(within).verdict.open
    assert failed(one.explain(after).verdict) == {"valid_until", "allowed"}


@pytest.mark.parametrize(
    ("doubt", "checks"),
    [
        ({"confidence": 0.1}, {"confidence"}),
        ({"readings": 0}, {"readings"}),
        ({"text": "XXXXXXX", "alternatives": (Alternative("LS15EBC", 0.4),)}, {"literal"}),
        ({"text": "", "confidence": 0.0}, {"match", "allowed", "literal", "confidence"}),
    ],
)
def test_an_explanation_takes_doubts_that_are_given(yard, rules, doubt, checks):
    question = Question(**{"text": "LS15EBC", "camera": "gate", "at": yard.noon, **doubt})
    verdict = rules(yard.vehicle("LS15EBC", "allow")).explain(question).verdict
    assert failed(verdict) == checks
    assert not verdict.open


def test_other_thresholds_count_from_the_next_verdict_on(yard, rules):
    judging = rules(yard.vehicle("LS15EBC", "allow"))
    assert judging.judge(yard.passage("LS15EBC")).open
    judging.require(OpeningThresholds(confidence=1.0, readings=1000))
    assert failed(judging.judge(yard.passage("LS15EBC"))) == {"confidence", "readings"}
