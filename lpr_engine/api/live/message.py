"""A live frame as one binary message: the length of its header, the header, the JPEG.

Box and picture travel together, so neither can lag the other. docs/api.md has the layout.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping

from lpr_engine.model.contract import CONTRACT_VERSION, JsonObject, format_time
from lpr_engine.model.frame import Frame
from lpr_engine.model.geometry import Box
from lpr_engine.model.live import Followed, LiveFrame, PictureForm
from lpr_engine.model.observation import Observation, Reading
from lpr_engine.model.wire import encode

_LENGTH = struct.Struct(">I")


def pack(header: JsonObject, jpeg: bytes) -> bytes:
    """Four bytes, big-endian, say how long the header is; the rest is the JPEG."""
    text = encode(header)
    return b"".join((_LENGTH.pack(len(text)), text, jpeg))


def frame_header(shown: LiveFrame, form: PictureForm, dropped: int) -> JsonObject:
    """All that is known of a frame; `dropped` is how many this viewer was too slow for."""
    frame = shown.frame
    width, height = form.size_of(frame)
    tracks = {plate.box: plate.number for plate in shown.followed}
    return {
        "contract": CONTRACT_VERSION,
        "type": "frame",
        "camera": frame.camera,
        "number": frame.number,
        "taken_at": format_time(frame.taken_at),
        "width": width,
        "height": height,
        "source_width": frame.width,
        "source_height": frame.height,
        "looked_at": shown.looked_at,
        "dropped": dropped,
        "detections": [
            _detection_to_json(observation, frame, tracks) for observation in shown.observations
        ],
        "tracks": [_track_to_json(plate) for plate in shown.followed],
    }


def _detection_to_json(
    observation: Observation, frame: Frame, tracks: Mapping[Box, int]
) -> JsonObject:
    detection, reading = observation.detection, observation.reading
    box = frame.share_of(detection.box)
    return {
        "box": _box_to_json(box),
        "confidence": _share(detection.confidence),
        "track": tracks.get(box),
        "reading": None if reading is None else _reading_to_json(reading),
    }


def _reading_to_json(reading: Reading) -> JsonObject:
    return {
        "text": reading.text,
        "confidence": _share(reading.confidence),
        "characters": [[sign, _share(value)] for sign, value in reading.characters],
        "region": reading.region,
    }


def _track_to_json(plate: Followed) -> JsonObject:
    return {
        "track": plate.number,
        "box": _box_to_json(plate.box),
        "text": plate.text,
        "confidence": _share(plate.confidence),
        "zone": plate.zone,
        "direction": plate.direction.value,
        "passage": plate.passage,
    }


def _box_to_json(box: Box) -> list[float]:
    return [round(edge, 5) for edge in box.as_tuple()]


def _share(value: float) -> float:
    """A probability as JSON can say it; what a broken model gives as none is no confidence."""
    return round(min(max(value, 0.0), 1.0), 4) if math.isfinite(value) else 0.0
