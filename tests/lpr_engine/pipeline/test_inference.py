"""What becomes of a camera's tracks while it is silent: they end, and parked cars stay known."""

import threading
from itertools import count

import numpy as np

from lpr_engine.config.sections import CameraSection, TrackingSection
from lpr_engine.model.passage import PassageUpdate, Stage
from lpr_engine.pipeline.inference import InferenceLoop
from lpr_engine.pipeline.mailbox import Mailboxes
from lpr_engine.tracking.tracker import PlateTracker
from tests.lpr_engine.pipeline.scripted import OnePlateEach, SilentMeter, frame, wait_for


class Plate(OnePlateEach):
    """Every picture shows the plate 4444 at the same place."""

    def _spell(self, crop):
        reading = super()._spell(crop)
        return type(reading)(
            "4444", np.repeat(np.eye(11, dtype=np.float32)[[4]], 4, 0), "0123456789_"
        )


def test_a_camera_that_falls_silent_ends_its_tracks_but_keeps_what_is_parked() -> None:
    numbers = count()
    camera = CameraSection(id="gate", source="rtsp://gate", min_plate_height_px=5)
    tracker = PlateTracker(
        "test",
        camera,
        TrackingSection(parked_after_s=1.0, same_plate_within_s=0.1),
        lambda: str(next(numbers)),
    )
    boxes = Mailboxes(["gate"])
    told: list[PassageUpdate] = []
    loop = InferenceLoop(
        boxes, Plate(), {"gate": tracker}, lambda _: 0.1, told.append, SilentMeter(), silence_s=0.1
    )
    ticket = boxes.begin("gate")
    loop.start()

    def show(start: int, frames: int) -> None:
        for number in range(start, start + frames):
            seen = loop.looked
            boxes.put(frame("gate", number, level=4), ticket)
            assert wait_for(lambda before=seen: loop.looked + loop.skipped > before)

    show(0, 16)
    finals = lambda: [one for one in told if one.passage.stage is Stage.FINAL]  # noqa: E731
    assert wait_for(lambda: len(finals()) == 1)
    threading.Event().wait(0.8)
    show(40, 16)
    threading.Event().wait(0.5)
    loop.stop(5)
    assert len(finals()) == 1
