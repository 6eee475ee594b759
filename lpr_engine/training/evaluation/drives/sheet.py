"""A few pictures of each kind of drive-by on one sheet, with what the engine saw in them."""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np

from lpr_engine.model.pixels import Pixels
from lpr_engine.training.evaluation.drives.drive import Drive, Shot
from lpr_engine.training.evaluation.drives.record import FrameRecord, plate_box
from lpr_engine.vision.annotation import annotate

_COLUMNS = 4
_TILE = (480, 270)
_INSET_PX = 150
_STRIP_PX = 24
_PAPER, _INK = (246, 246, 246), (60, 48, 34)
_LEAST_PX = 20.0
_FONT = cv2.FONT_HERSHEY_SIMPLEX


@dataclass(eq=False)
class ContactSheet:
    """Takes pictures while drives are looked at: one drive for each scenario and light."""

    _rows: dict[tuple[str, str], tuple[Drive, list[Pixels]]] = field(default_factory=dict)

    def glimpse(self, drive: Drive, shot: Shot, frame: FrameRecord) -> None:
        """Keep a picture if this drive is the first of its kind and it is its turn."""
        kind = (drive.conditions.scenario.value, drive.conditions.light_name)
        of, tiles = self._rows.setdefault(kind, (drive, []))
        if of is drive and shot.number in _chosen(drive):
            tiles.append(_tile(shot, frame))

    def draw(self) -> Pixels:
        """The sheet, uint8 BGR."""
        rows = [_row(*self._rows[kind]) for kind in sorted(self._rows)]
        return np.vstack(rows) if rows else np.full((_STRIP_PX, _TILE[0], 3), _PAPER, np.uint8)


def _chosen(drive: Drive) -> set[int]:
    """Numbers of pictures, evenly over those that show a moving car's plate."""
    moving = [at for at, course in enumerate(drive.plan.courses) if not course.is_parked]
    shown = [
        number
        for number, time_s in enumerate(drive.times_s)
        for at in moving
        if (view := drive.stage.plate(at, time_s)) is not None and view.width_px > _LEAST_PX
    ]
    if not shown:
        return set(range(_COLUMNS))
    return {shown[round(part * (len(shown) - 1))] for part in np.linspace(0.1, 0.95, _COLUMNS)}


def _tile(shot: Shot, frame: FrameRecord) -> Pixels:
    """The picture with its boxes, and its largest plate once more from near."""
    boxed = annotate(shot.pixels, [seen.observation for seen in frame.seen])
    tile = np.asarray(cv2.resize(boxed, _TILE, interpolation=cv2.INTER_AREA), np.uint8)
    plates = [plate for plate in shot.plates if plate is not None and plate.shown > 0.9]
    if plates:
        box = plate_box(max(plates, key=lambda plate: plate.width_px))
        height, width = shot.pixels.shape[:2]
        x0, x1 = max(0, int(box.x0) - 3), min(width, int(box.x1) + 4)
        y0, y1 = max(0, int(box.y0) - 3), min(height, int(box.y1) + 4)
        crop = shot.pixels[y0:y1, x0:x1]
        size = (_INSET_PX, max(1, min(_TILE[1], round(_INSET_PX * crop.shape[0] / crop.shape[1]))))
        inset = cv2.resize(crop, size, interpolation=cv2.INTER_NEAREST)
        tile[_TILE[1] - size[1] :, : size[0]] = inset
    return tile


def _row(drive: Drive, tiles: list[Pixels]) -> Pixels:
    conditions = drive.conditions
    blank = np.full((_TILE[1], _TILE[0], 3), _PAPER, np.uint8)
    shown = (tiles + [blank] * _COLUMNS)[:_COLUMNS]
    strip = np.full((_STRIP_PX, _COLUMNS * _TILE[0], 3), _PAPER, np.uint8)
    plates = ", ".join(f"{plate.text} {plate.region}" for plate in drive.car_plates)
    exposure = 1 / conditions.recording.exposure_s
    words = (
        f"drive {drive.number}: {conditions.scenario.value}, {conditions.light_name}, "
        f"{conditions.speed_kmh:.0f} km/h, {conditions.fps:g} fps, 1/{exposure:.0f} s   {plates}"
    )
    cv2.putText(strip, words, (8, 17), _FONT, 0.5, _INK, 1, cv2.LINE_AA)
    return np.vstack([strip, np.hstack(shown)])
