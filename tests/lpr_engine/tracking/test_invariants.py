"""Whatever comes in, each passage ends once, in order; and crossing cars keep their ids."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lpr_engine.config.sections import CameraSection, TrackingSection
from lpr_engine.model.geometry import DirectionLine
from lpr_engine.model.passage import Stage
from lpr_engine.tracking.tracker import MAX_TRACKS

plates = st.sampled_from(["AB123CD", "AB123CO", "XY987ZW", "", "7", "LS15EBC", None])
sightings = st.builds(
    lambda text, x, y, width, certainty, quality: (text, x, y, width, certainty, quality),
    plates,
    st.floats(-200, 1500) | st.just(float("nan")),
    st.floats(-200, 900),
    st.floats(0, 500),
    st.floats(0.1, 0.99),
    st.floats(-1, 2),
)
frames = st.lists(
    st.tuples(
        st.floats(-5, 40).map(lambda step: step if step > 5 else abs(step) / 10) | st.just(-3.0),
        st.sampled_from(["see", "see", "see", "skip", "finish"]),
        st.lists(sightings, max_size=4),
    ),
    max_size=40,
)


def check_revisions(updates) -> None:
    """One id: revisions 1, 2, ...; exactly one final, and it is the last."""
    by_id = defaultdict(list)
    for update in updates:
        by_id[update.passage.id].append(update)
    for revisions in by_id.values():
        assert [one.passage.revision for one in revisions] == list(range(1, len(revisions) + 1))
        assert [one.passage.stage for one in revisions[:-1]] == [Stage.PREVIEW] * (
            len(revisions) - 1
        )
        assert revisions[-1].passage.stage is Stage.FINAL


@settings(max_examples=80, deadline=None)
@given(frames, st.booleans())
def test_every_passage_ends_exactly_once(build, scenes, impatient):
    tracking = TrackingSection(
        min_readings=1,
        preview_confidence=0.3,
        min_confidence=0.1,
        max_track_s=6.0 if impatient else 120.0,
        parked_after_s=2.0,
    )
    line = DirectionLine((0.5, 0.0), (0.5, 1.0))
    road = build.road(CameraSection("gate", "t", direction_line=line), tracking)
    now_s = 0.0
    for step_s, action, seen in scenes:
        now_s += step_s
        if action == "see":
            road.see(now_s, *(build.observation(*one) for one in seen))
        elif action == "skip":
            road.updates += road.tracker.skip(build.frame(now_s))
        else:
            road.finish()
    road.finish()
    check_revisions(road.updates)
    for update in road.updates:
        passage = update.passage
        assert passage.first_seen <= passage.last_seen
        assert passage.text
        assert 0.0 <= passage.confidence <= 1.0
        assert all(0.0 <= edge <= 1.0 for edge in passage.box.as_tuple())


def crossing(rng, texts, fps):
    """Cars on their own lanes, both ways, some frames missed, some unread: (text, x(t), y)."""
    cars = []
    for lane, text in enumerate(texts):
        speed = rng.uniform(250, 600) * (1 if lane % 2 else -1)
        start = -40 if speed > 0 else 1320
        cars.append((text, rng.uniform(0, 1.0), start, speed, 300 + 28 * lane))
    return cars


@pytest.mark.parametrize("seed", range(8))
def test_crossing_cars_keep_their_ids(build, road, seed):
    rng = np.random.default_rng(seed)
    reader = build.reader(rng, misread=0.08, lost=0.02)
    texts = ["".join(rng.choice(list(build.signs), 7)) for _ in range(4)]
    cars = crossing(rng, texts, 8)
    for t in build.steps(0, 8, 8):
        seen = []
        for text, delay, start, speed, y in cars:
            x = start + speed * (t - delay)
            if 0 <= x <= 1280 and rng.random() > 0.15:
                reading = reader.read(text) if rng.random() > 0.2 else None
                seen.append(build.observation(None, x, y + rng.normal(0, 2), 90, reading=reading))
        rng.shuffle(seen)
        road.see(t, *seen)
    road.finish()
    check_revisions(road.updates)
    assert sorted(road.texts) == sorted(texts)


def test_a_column_of_cars_is_counted(build, road):
    texts = [f"C{number:02}ABCD" for number in range(12)]
    for t in build.steps(0, 20, 6):
        seen = [
            build.observation(text, x, 420, 90)
            for number, text in enumerate(texts)
            if 0 <= (x := -60 + 320 * (t - 1.2 * number)) <= 1280
        ]
        road.see(t, *seen)
    road.finish()
    assert sorted(road.texts) == texts


def test_memory_is_bounded(build, road):
    rng = np.random.default_rng(3)
    for t in build.steps(0, 0.5, 10):
        crowd = [
            build.observation(
                "".join(rng.choice(list(build.signs), 6)), rng.uniform(0, 1280), rng.uniform(0, 720)
            )
            for _ in range(60)
        ]
        road.see(t, *crowd)
        assert len(road.tracker.tracks) <= MAX_TRACKS
    road.finish()
    check_revisions(road.updates)
    assert road.tracker.tracks == ()
