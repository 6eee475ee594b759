"""The real store and the real publisher, fed with passages as fast as both go, until killed.

Prints each sequence once the store has committed it. With a count of 0 it only delivers the rest.
"""

from __future__ import annotations

import sys
import time
from datetime import datetime, timezone
from pathlib import Path

import numpy as np
from uuid6 import uuid7

from lpr_engine.config.sections import CameraSection, MqttSection, StorageSection
from lpr_engine.model.figures import CameraFigures, CameraHealth, EngineFigures, HostFigures
from lpr_engine.model.frame import Frame
from lpr_engine.model.geometry import Box
from lpr_engine.model.observation import Crop, Detection, Observation
from lpr_engine.model.passage import Evidence, Passage, PassageUpdate, Stage
from lpr_engine.mqtt.identity import EngineIdentity
from lpr_engine.mqtt.publisher import MqttPublisher
from lpr_engine.store.store import PassageStore

PICTURE = np.full((60, 160, 3), 120, np.uint8)


class Deaf:
    """Nobody commands this engine."""

    def enable_camera(self, camera: str, enabled: bool) -> None:
        raise AssertionError

    def set_confidence(self, camera: str, value: float) -> None:
        raise AssertionError

    def take_snapshot(self, camera: str) -> str | None:
        raise AssertionError


def figures() -> EngineFigures:
    camera = CameraFigures("gate", CameraHealth.STREAMING, 10.0, 0, 0, 0, 0)
    host = HostFigures(1.0, 1.0, 1.0, 1.0)
    return EngineFigures(datetime.now(timezone.utc), 1.0, host, 0, (camera,))


def new_update(stage: Stage, identifier: str, revision: int) -> PassageUpdate:
    now = datetime.now(timezone.utc)
    passage = Passage(
        id=identifier,
        revision=revision,
        stage=stage,
        engine="drive",
        camera="gate",
        text="AB123CD",
        confidence=0.9,
        characters=(("A", 0.9),),
        first_seen=now,
        last_seen=now,
        readings=3,
        box=Box(0.1, 0.1, 0.2, 0.2),
    )
    observation = Observation(Detection(Box(0, 0, 9, 9), 0.9), Crop(PICTURE, 0.9), None)
    return PassageUpdate(passage, Evidence(Frame("gate", PICTURE, now, 0.0, 1), observation))


def main() -> None:
    directory, port, count = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    with PassageStore(StorageSection(directory=directory)) as store:
        publisher = MqttPublisher(
            MqttSection(host="127.0.0.1", port=port),
            EngineIdentity("drive", "Drive", "0.1.0"),
            [CameraSection("gate", "clip.mp4")],
            store,
            figures,
            Deaf(),
            directory,
        )
        publisher.start()
        for _ in range(count):
            identifier = str(uuid7())
            for revision, stage in enumerate((Stage.PREVIEW, Stage.FINAL), start=1):
                update = new_update(stage, identifier, revision)
                kept = store.commit(update)
                sys.stdout.write(f"{kept.sequence}\n")
                sys.stdout.flush()
                publisher.passage_committed(kept, update)
        while store.depth() > 0:
            time.sleep(0.01)
        publisher.stop()


if __name__ == "__main__":
    main()
