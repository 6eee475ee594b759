from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from lpr_engine.model.geometry import Box
from lpr_engine.model.observation import Crop, Detection, Reading
from lpr_engine.training.evaluation.trials.parts import EVERYTHING, TRIALS, Part, Trial, by_turns
from tests.lpr_engine.training.evaluation.plain_plates import plain_plate
from tests.lpr_engine.training.evaluation.trials.test_spoiling import slanted

DARK = np.full((40, 120, 3), 20, np.uint8) + np.arange(40, dtype=np.uint8)[:, None, None]


class DoubtingReader:
    """Unsure of everything; counts what it is shown."""

    def __init__(self) -> None:
        self.shown = 0

    def read(self, crops: Sequence[Crop]) -> list[Reading]:
        self.shown += len(crops)
        rows = np.array([[0.6, 0.4]], np.float32)
        return [Reading("A", rows, "A_") for _ in crops]


@pytest.mark.parametrize(
    ("off", "views"),
    [
        (frozenset(), 4),
        ({Part.CLOSER}, 3),
        ({Part.WIDER}, 3),
        ({Part.STRAIGHT}, 3),
        ({Part.CLOSER, Part.WIDER, Part.STRAIGHT}, 1),
        ({Part.ENHANCEMENT, Part.CLOSER_LOOK}, 4),
    ],
)
def test_views_that_are_off_are_not_shown(off: set[Part], views: int) -> None:
    inner = DoubtingReader()

    (reading,) = Trial("", frozenset(off)).reader(inner).read([Crop(slanted(), 0.5)])

    assert inner.shown == views
    assert reading.text == "A"


def test_enhancement_is_off_alone() -> None:
    detection = Detection(Box(10, 5, 110, 35), 1.0)
    plain, enhanced = (
        trial.cropper().crop(DARK, detection).pixels
        for trial in (Trial("", frozenset({Part.ENHANCEMENT})), EVERYTHING)
    )
    assert enhanced.mean() > 2 * plain.mean()


def test_each_part_is_off_in_a_trial_of_its_own() -> None:
    assert [set(trial.off) for trial in TRIALS[: 1 + len(Part)]] == [set(), *({p} for p in Part)]
    assert [trial.looks_closer for trial in TRIALS] == [True, False] + [True] * (len(TRIALS) - 2)


def test_every_trial_is_first_in_turn() -> None:
    turns = [by_turns(TRIALS, number) for number in range(2 * len(TRIALS))]

    assert [turn[0] for turn in turns] == [*TRIALS, *TRIALS]
    assert all(set(turn) == set(TRIALS) for turn in turns)


def test_plain_plates_have_no_straightened_view() -> None:
    inner = DoubtingReader()
    EVERYTHING.reader(inner).read([Crop(plain_plate("AB123CD", np.random.default_rng(3)), 0.5)])
    assert inner.shown == 3
