"""What is remembered of passages that are over."""

from __future__ import annotations

import pytest

from lpr_engine.model.passage import Direction
from lpr_engine.tracking.recollection import EndedPassage, Recollection, is_same_plate


@pytest.mark.parametrize(
    ("text", "confidence", "direction", "started_s", "repeats"),
    [
        ("LS15EBC", 0.95, Direction.UNKNOWN, 15.0, True),
        ("LS15EBC", 0.95, Direction.IN, 15.0, True),
        ("LS15EBC", 0.95, Direction.OUT, 15.0, False),
        ("LS15EBC", 0.95, Direction.UNKNOWN, 25.0, False),
        ("L515EBC", 0.95, Direction.UNKNOWN, 15.0, True),
        ("LS16EBC", 0.95, Direction.UNKNOWN, 15.0, False),
        ("LS16EBC", 0.5, Direction.UNKNOWN, 15.0, True),
        ("LS16EBC", 0.5, Direction.UNKNOWN, 9.0, False),
        ("LS99EBC", 0.5, Direction.UNKNOWN, 15.0, False),
    ],
)
def test_repeats(text, confidence, direction, started_s, repeats):
    memory = Recollection(within_s=10.0)
    memory.remember(EndedPassage("LS15EBC", Direction.IN, seen_s=10.0, ended_s=12.0))
    assert memory.repeats(text, confidence, direction, started_s) is repeats
    memory.forget()
    assert not memory.repeats(text, confidence, direction, started_s)


def test_memory_is_bounded():
    memory = Recollection(within_s=10.0)
    for number in range(150):
        memory.remember(EndedPassage(f"{number:03}MNH", Direction.UNKNOWN, 0.0, 0.0))
    assert not memory.repeats("000MNH", 0.9, Direction.UNKNOWN, 1.0)
    assert memory.repeats("149MNH", 0.9, Direction.UNKNOWN, 1.0)


@pytest.mark.parametrize(
    ("known", "doubtful", "same"),
    [
        ("AB123CD", False, True),
        ("A8I23CD", False, True),
        ("AB128CD", False, False),
        ("AB128CD", True, True),
        ("AB999CD", True, False),
    ],
)
def test_is_same_plate(known, doubtful, same):
    assert is_same_plate("AB123CD", known, doubtful=doubtful) is same
