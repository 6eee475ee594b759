"""What a site's passages teach, through the real store and over restarts."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest
import uuid6

from lpr_engine.app.site_memory import SiteMemory
from lpr_engine.config.sections import StorageSection
from lpr_engine.grammar.prior import Grammar
from lpr_engine.model.frame import Frame
from lpr_engine.model.geometry import Box
from lpr_engine.model.observation import Crop, Detection, Observation
from lpr_engine.model.passage import Evidence, Passage, PassageUpdate, Stage
from lpr_engine.store.store import PassageStore

NOON = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)


def make_update(
    text: str,
    region: str | None,
    confidence: float = 0.97,
    stage: Stage = Stage.FINAL,
    corrected_by: str | None = None,
) -> PassageUpdate:
    pixels = np.zeros((8, 8, 3), np.uint8)
    box = Box(0, 0, 4, 2)
    observation = Observation(Detection(box, 0.9), Crop(pixels, 0.9), None)
    passage = Passage(
        id=str(uuid6.uuid7()),
        revision=1,
        stage=stage,
        engine="home",
        camera="gate",
        text=text,
        confidence=confidence,
        characters=tuple((sign, 0.99) for sign in text),
        first_seen=NOON,
        last_seen=NOON + timedelta(seconds=1),
        readings=3,
        box=Box(0.1, 0.1, 0.4, 0.2),
        region=region,
        corrected_by=corrected_by,
    )
    return PassageUpdate(passage, Evidence(Frame("gate", pixels, NOON, 0.0, 0), observation))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[PassageStore]:
    with PassageStore(StorageSection(directory=tmp_path)) as opened:
        yield opened


def test_a_new_start_knows_what_the_last_run_saw(store: PassageStore) -> None:
    running = SiteMemory()
    for number in range(60):
        update = make_update(f"ABC{number:04d}", "BR")
        running.passage_committed(store.commit(update), update)
    restarted = SiteMemory()
    restarted.recall(store.search.sure_finals)
    assert dict(restarted.history.regions) == pytest.approx(dict(running.history.regions))
    learned, fresh = Grammar((), restarted.history), Grammar()
    clear, mixed = "RIO2A18", "RIO2418"
    assert learned.log_prior(clear) - fresh.log_prior(clear) > 0.1
    assert learned.log_prior(mixed) > fresh.log_prior(mixed)


@pytest.mark.parametrize(
    "update",
    [
        make_update("ABC1234", "BR", stage=Stage.PREVIEW),
        make_update("ABC1234", "BR", confidence=0.6),
        make_update("ABC1234", "BR", corrected_by="anna"),
    ],
    ids=["preview", "unsure", "corrected"],
)
def test_what_teaches_nothing(update: PassageUpdate) -> None:
    memory = SiteMemory()
    memory.passage_committed(update.passage, update)
    assert memory.history.regions == ()
    assert memory.history.shape_trust == 0.0


def test_wrong_regions_are_outgrown(store: PassageStore) -> None:
    """A hundred passages whose region was named wrongly do not keep the right one out."""
    memory = SiteMemory()
    for _ in range(100):
        wrong = make_update("ABC123", "SE")
        memory.passage_committed(wrong.passage, wrong)
    told = Grammar((), memory.history).region_of("ABC123", {"LT": 0.95})
    assert told == "LT"
    for _ in range(400):
        right = make_update("ABC123", told)
        memory.passage_committed(right.passage, right)
    counts = dict(memory.history.regions)
    assert counts["LT"] > 5 * counts["SE"]


def test_without_a_store_learning_begins_anew(
    store: PassageStore, caplog: pytest.LogCaptureFixture
) -> None:
    search = store.search
    search.close()
    memory = SiteMemory()
    with caplog.at_level(logging.WARNING):
        memory.recall(search.sure_finals)
    assert "Nothing is learned from earlier passages" in caplog.text
    assert memory.history.regions == ()
