"""Vehicles changed over HTTP while a camera runs: every passage is judged by one state of them."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest

from lpr_engine.config.sections import CameraSection
from lpr_engine.model.clock import SystemClock
from lpr_engine.model.frame import Frame
from lpr_engine.model.observation import Observation
from lpr_engine.model.passage import Passage, PassageUpdate
from lpr_engine.pipeline.pipeline import Pipeline, Rooms
from tests.lpr_engine.api.people import Door, passage_id, people_door
from tests.lpr_engine.pipeline.scripted import (
    EveryFrameTracker,
    OnePlateEach,
    ScriptedSource,
    SilentMeter,
    frame,
    update,
    wait_for,
)


class SameCarAgain(EveryFrameTracker):
    """The same plate passes with every frame."""

    def update(self, seen: Frame, observations: Sequence[Observation]) -> list[PassageUpdate]:
        one = update(self.camera)
        now = SystemClock().now()
        passage = replace(
            one.passage,
            id=passage_id(seen.number),
            text="AB123C",
            first_seen=now,
            last_seen=now,
            confidence=0.99,
            readings=30,
        )
        return [replace(one, passage=passage)]


class Ear:
    """Notes the passages that are kept."""

    def __init__(self) -> None:
        self.heard: list[Passage] = []

    def passage_committed(self, passage: Passage, _update: PassageUpdate) -> None:
        self.heard.append(passage)

    def next_judged(self) -> Passage:
        """One that was judged wholly after now."""
        count = len(self.heard) + 2
        assert wait_for(lambda: len(self.heard) >= count, 60)
        return self.heard[count - 1]


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    with people_door(tmp_path) as opened:
        yield opened


@pytest.fixture
def ear(door: Door) -> Iterator[Ear]:
    frames = (frame(number=number, level=number % 200) for number in itertools.count())
    rooms = Rooms(
        open_source=lambda _camera: ScriptedSource(frames, pause_s=0.01),
        sight=OnePlateEach(),
        meter=SilentMeter(),
        tracker_for=lambda camera: SameCarAgain(camera.id),
        rules=door.rules,
        archive=door.store,
    )
    pipeline = Pipeline([CameraSection(id="gate", source="scripted")], rooms, 0.5)
    listener = Ear()
    pipeline.listen(listener)
    pipeline.start()
    yield listener
    pipeline.stop()


def verdict(passage: Passage) -> tuple[str | None, bool]:
    return passage.verdict.list_name, passage.verdict.open


def test_each_change_is_seen_by_the_running_camera(door: Door, ear: Ear) -> None:
    assert verdict(ear.next_judged()) == (None, False)
    path = f"/vehicles/{door.add(text='AB 123-C', lists=['allow'])['id']}"
    assert verdict(ear.next_judged()) == ("allow", True)
    door.ask("PATCH", path, {"lists": ["allow", "block"]})
    assert verdict(ear.next_judged()) == ("block", False)
    door.ask("PATCH", path, {"lists": ["allow"], "cameras": ["yard"]})
    assert verdict(ear.next_judged()) == (None, False)
    door.ask("POST", "/lists", {"name": "guests", "meaning": "allow"})
    door.ask("PATCH", path, {"lists": ["guests"], "cameras": None})
    assert verdict(ear.next_judged()) == ("guests", True)
    door.ask("PUT", "/lists/guests", {"meaning": "watch"})
    assert verdict(ear.next_judged()) == ("guests", False)
    door.ask("DELETE", "/lists/guests?in_use=true")
    assert verdict(ear.next_judged()) == (None, False)
    table = b"text,lists\nAB123C,allow\n"
    door.ask("POST", "/vehicles.csv", table, Content_Type="text/csv")
    assert verdict(ear.next_judged()) == ("allow", True)
    door.ask("DELETE", path)
    assert ear.next_judged().verdict.vehicle is None


def test_no_passage_is_judged_by_half_a_change(door: Door, ear: Ear) -> None:
    for name in ("odd", "even"):
        door.ask("POST", "/lists", {"name": name, "meaning": "allow"})
    path = f"/vehicles/{door.add(text='AB123C', lists=['odd'])['id']}"
    start = ear.next_judged().sequence
    done = threading.Event()

    def swap(names: Sequence[str]) -> None:
        for name in itertools.cycle(names):
            if done.is_set():
                return
            assert door.ask("PATCH", path, {"lists": [name]}).status in {200, 412}

    swappers = [threading.Thread(target=swap, args=(names,)) for names in (["odd", "even"],) * 2]
    for one in swappers:
        one.start()
    assert wait_for(lambda: len(ear.heard) > start + 60, 120)
    done.set()
    for one in swappers:
        one.join()
    seen = [one.verdict for one in ear.heard if one.sequence > start]
    assert {one.list_name for one in seen} == {"odd", "even"}
    assert all(one.open for one in seen)


def test_a_correction_while_the_camera_runs_has_its_own_place(door: Door, ear: Ear) -> None:
    seen = ear.next_judged()
    done = door.ask("PUT", f"/passages/{seen.id}/correction", {"text": "XY 9"})
    assert done.json["sequence"] > seen.sequence
    assert done.json["revision"] == seen.revision + 1
    assert door.ask("PUT", f"/passages/{seen.id}/tags/{quote('Büro')}").status == 200
