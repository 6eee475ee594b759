"""The picture and the readings a track can show."""

from __future__ import annotations

import pytest

from lpr_engine.config.sections import CameraSection
from lpr_engine.tracking.exhibit import Exhibit, Records
from lpr_engine.tracking.sighting import sight


@pytest.fixture(scope="session")
def seen(build):
    def make(text, quality=0.9, certainty=0.95):
        observation = build.observation(text, 300, 300, quality=quality, certainty=certainty)
        return sight(CameraSection("gate", "test"), build.frame(0), [observation])[0]

    return make


def exhibit(build, sighting):
    return Exhibit(build.frame(0), sighting, sighting.spelling)


def test_agreement_goes_before_quality(build, seen):
    agreeing = exhibit(build, seen("LS15EBC", quality=0.2))
    sharp = exhibit(build, seen("XY99ZZZ", quality=1.0))
    assert agreeing.rank("LS15EBC") > sharp.rank("LS15EBC")
    assert sharp.rank("XY99ZZZ") > agreeing.rank("XY99ZZZ")


def test_quality_decides_among_the_agreeing(build, seen):
    dull, sharp = (exhibit(build, seen("LS15EBC", quality=value)) for value in (0.3, 0.8))
    assert sharp.rank("LS15EBX") > dull.rank("LS15EBX")


def test_evidence_is_what_was_observed(build, seen):
    sighting = seen("LS15EBC")
    assert exhibit(build, sighting).evidence.observation is sighting.observation


def test_records_are_handed_out_once_and_are_bounded(build, seen):
    sighting, first, later = seen("LS15EBC"), Records(), Records()
    for _ in range(1200):
        first.add(build.frame(0), sighting, sighting.spelling)
    later.add(build.frame(1), sighting, sighting.spelling)
    first.join(later)
    taken = first.take()
    assert len(taken) == 1000
    assert taken[-1].taken_at == build.frame(1).taken_at
    assert first.take() == ()
