"""What the door says live is exactly the examples that all sides of the contract share."""

import base64
import json
from datetime import datetime, timezone
from pathlib import Path

import numpy as np
import pytest

from lpr_engine.api.camera_desk import CameraDesk
from lpr_engine.api.events import event
from lpr_engine.api.events.wish import Kind, read_wish
from lpr_engine.api.live.message import frame_header, pack
from lpr_engine.api.live.show import state_message
from lpr_engine.api.problem import RequestError
from lpr_engine.model.contract import passage_from_json
from lpr_engine.model.events import PassagesExpired
from lpr_engine.model.figures import CameraFigures, CameraHealth
from lpr_engine.model.frame import Frame
from lpr_engine.model.geometry import Box
from lpr_engine.model.live import Followed, LiveFrame, PictureForm
from lpr_engine.model.observation import Crop, Detection, Observation, Reading
from lpr_engine.model.passage import Direction, Stage

FOLDER = Path(__file__).parent
TAKEN_AT = datetime(2026, 5, 4, 7, 0, 0, 250_000, timezone.utc)
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_"
FORM = PictureForm(640, 80)


def example(name):
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def said(message):
    return json.loads(message)


def reading(text, certainty):
    table = np.zeros((len(text), len(ALPHABET)), np.float32)
    for slot, sign in enumerate(text):
        table[slot, ALPHABET.index("_")] = 1 - certainty
        table[slot, ALPHABET.index(sign)] = certainty
    return Reading(text, table, ALPHABET, region="FR", region_confidence=0.9)


def shown():
    """A plate that is read and followed, and another that is neither."""
    crop = Crop(np.zeros((4, 8, 3), np.uint8), 1.0)
    near, far = Box(528, 384, 676.5, 424.5), Box(1000, 90, 1040, 104)
    pixels = np.zeros((720, 1280, 3), np.uint8)
    return LiveFrame(
        Frame("gate", pixels, TAKEN_AT, 81.2, 812),
        (
            Observation(Detection(near, 0.93), crop, reading("AB123CD", 0.99)),
            Observation(Detection(far, 0.41), crop, None),
        ),
        810,
        (
            Followed(
                number=17,
                box=near.scaled(1 / 1280, 1 / 720),
                text="AB123CD",
                confidence=0.9731,
                zone="driveway",
                direction=Direction.IN,
                passage="0198c5f0-3c1e-7a52-9d1b-4f2a6c0e8b11",
            ),
        ),
    )


def camera():
    frame_at = datetime(2026, 5, 4, 7, 0, 1, 910_000, timezone.utc)
    return CameraFigures(
        "gate",
        CameraHealth.STREAMING,
        9.94,
        3,
        86012,
        12,
        1,
        last_frame_at=frame_at,
        confidence=0.35,
    )


def desk():
    return CameraDesk({"gate": "Gate"}, lambda: pytest.fail("not asked"))


def test_live_frame():
    assert frame_header(shown(), FORM, 4) == example("live_frame")
    assert list(frame_header(shown(), FORM, 4)) == list(example("live_frame"))


def test_live_message_is_length_header_and_picture():
    parts = example("live_message")
    message, jpeg = base64.b64decode(parts["message"]), base64.b64decode(parts["jpeg"])
    assert pack(example("live_frame"), jpeg) == message
    length = int.from_bytes(message[:4], "big")
    assert length == parts["header_length"]
    assert json.loads(message[4 : 4 + length].decode("utf-8")) == example("live_frame")
    assert message[4 + length :] == jpeg
    assert jpeg.startswith(b"\xff\xd8")


def test_live_state():
    assert said(state_message(camera())) == example("live_state")


def test_camera():
    wanted = example("camera")
    last = wanted.pop("last_passage")
    assert desk().state_to_json(camera()) == wanted
    assert last == {**example("passage"), "late": False}


def test_event_wish():
    wish = read_wish(json.dumps(example("event_wish")))
    assert wish.cameras == {"gate"}
    assert wish.stages == {Stage.FINAL}
    assert wish.lists == {"family", None}
    assert wish.kinds == {Kind.PASSAGE, Kind.CAMERA}
    assert wish.resume_after == 4709


def test_event_hello():
    hello = event.hello("drive", "0.1.0", 4711, 4709, reset=False)
    assert said(hello) == example("event_hello")


def test_event_passage_that_happens_now_and_one_that_was_missed():
    passage = passage_from_json(example("passage"))
    now = event.PassageEvent.of(passage, passage.last_seen)
    assert said(now.message) == example("event_passage")
    missed = example("event_passage_missed")
    assert said(event.repetition(passage)) == missed
    assert missed["passage"] == {**example("passage"), "late": True, "redelivered": True}


def test_event_removed():
    removal = event.Removal(passage_from_json(example("passage")))
    assert said(removal.message) == example("event_removed")


def test_event_expired():
    before = datetime(2026, 2, 28, 12, tzinfo=timezone.utc)
    expiry = event.Expiry(PassagesExpired(212, before))
    assert said(expiry.notice.message) == example("event_expired")


def test_event_live_and_heartbeat():
    assert said(event.live(4711)) == example("event_live")
    assert said(event.heartbeat(4711, TAKEN_AT)) == example("event_heartbeat")


def test_event_camera_and_health():
    state = desk().state_to_json(camera())
    assert said(event.camera_notice("gate", state).message) == example("event_camera")
    assert said(event.health_notice(example("health")).message) == example("event_health")


def test_event_error():
    with pytest.raises(RequestError) as refused:
        read_wish('{"subscribe": {"kinds": ["everything"]}}')
    assert said(event.refusal(refused.value)) == example("event_error")
