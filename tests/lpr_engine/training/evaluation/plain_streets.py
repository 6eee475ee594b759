"""Street pictures drawn for the pinned figures of detector and reader together.

The plates are the plain ones, in strokes; the streets and cars are those of the drawn drive-bys.
Whoever changes how these are drawn pins the figures anew.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from lpr_engine.model.geometry import Box
from lpr_engine.training.evaluation.drives.record import plate_box
from lpr_engine.training.evaluation.drives.scene.body import build_body
from lpr_engine.training.evaluation.drives.scene.car import Car, Mount
from lpr_engine.training.evaluation.drives.scene.levels import Levels
from lpr_engine.training.evaluation.drives.scene.light import Light
from lpr_engine.training.evaluation.drives.scene.recorder import Recorder, Recording
from lpr_engine.training.evaluation.drives.scene.stage import Stage
from lpr_engine.training.evaluation.drives.scene.view import looking_at
from lpr_engine.training.evaluation.drives.scene.way import Way
from lpr_engine.training.synthetic.car import CarLook
from tests.lpr_engine.training.evaluation.plain_plates import plain_plate, plate_text

COUNT = 120
SEED = 21
SETS = ("day", "night")
PLATE_M = 0.52
PLATE_PX = (34.0, 150.0)
"""From what the detector hardly sees to what anyone can read."""
LEAST_FOCAL_PX, MOST_ASIDE_M = 900.0, 4.5
"""Wider views would cost much drawing."""
SHUTTER_S = 1 / 1000
LANES_M = (-1.55, 1.55)
PAINTS = ((46, 84, 140), (150, 30, 34), (196, 198, 202), (28, 30, 34), (96, 100, 106))


@dataclass(frozen=True, slots=True, eq=False)
class Street:
    """A picture of one car, uint8 BGR, with the box and the text of its plate."""

    kind: str
    pixels: np.ndarray
    box: Box
    text: str


def streets(count: int = COUNT) -> Iterator[Street]:
    """By turns by day and under a camera's infrared lamp, always the same ones."""
    for number in range(count):
        kind = SETS[number % len(SETS)]
        yield _street(kind, np.random.default_rng((SEED, number)))


def write_streets(folder: Path, count: int = COUNT) -> None:
    """A folder for each kind, with a `labels.csv` as for `lpr-engine evaluate`."""
    rows: dict[str, list[list[object]]] = {kind: [] for kind in SETS}
    for number, street in enumerate(streets(count)):
        (folder / street.kind).mkdir(parents=True, exist_ok=True)
        name = f"{number:03}.png"
        assert cv2.imwrite(str(folder / street.kind / name), street.pixels)
        box = street.box
        place = [round(value, 1) for value in (box.x0, box.y0, box.width, box.height)]
        rows[street.kind].append([name, *place, street.text])
    for kind, listed in rows.items():
        with (folder / kind / "labels.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([["image", "x", "y", "w", "h", "plate"], *listed])


def _street(kind: str, generator: np.random.Generator) -> Street:
    text = plate_text(generator)
    lane = LANES_M[int(generator.integers(2))]
    wide = float(np.exp(generator.uniform(*np.log(PLATE_PX))))
    away = max(6.0, LEAST_FOCAL_PX * PLATE_M / wide) * float(generator.uniform(1, 2))
    aside, high = float(generator.uniform(-0.4, 0.4)) * away, float(generator.uniform(1.2, 3.0))
    aside = float(np.clip(aside, -MOST_ASIDE_M, MOST_ASIDE_M))
    middle = np.array([lane + generator.uniform(-0.8, 0.8), generator.uniform(0.4, 1.0), away])
    roll = float(generator.normal(0, 0.05))
    view = looking_at(lane + aside, high, wide * away / PLATE_M, middle, roll)
    car = _car(text, lane, away, generator)
    stage = Stage(view, _light(kind, generator), (car,), generator)
    size = (view.width, view.height)
    recorder = Recorder(_recording(kind, generator), size, generator)
    pixels = recorder.record(stage.tones(0.0, SHUTTER_S), 0.0)
    plate = stage.plate(0, 0.0)
    assert plate is not None
    return Street(kind, pixels, plate_box(plate), text)


def _car(text: str, lane_m: float, away_m: float, generator: np.random.Generator) -> Car:
    image = plain_plate(text, generator)[..., ::-1]
    layer = np.ones((*image.shape[:2], 4), np.float32)
    layer[..., :3] = image
    high = PLATE_M * image.shape[0] / image.shape[1]
    up = float(generator.uniform(0.4, 0.6))
    behind = bool(generator.integers(2))
    holder = np.full((8, round(8 * PLATE_M / high), 3), 24, np.uint8)
    paint = PAINTS[int(generator.integers(len(PAINTS)))]
    body = build_body(CarLook(paint, behind, holder, PLATE_M, up), 1.0)
    mount = Mount(PLATE_M, high, up)
    return Car(body, Levels(layer), mount, lane_m, Way(away_m, 0.0), behind, is_lit=True)


def _light(kind: str, generator: np.random.Generator) -> Light:
    if kind == "day":
        ambient = float(generator.uniform(0.6, 1.05))
        return Light(False, False, ambient, ambient, 0.85 * ambient, 10.0, 0.0, (1.0, 1.0, 1.0))
    plate = float(generator.uniform(0.6, 1.3))
    return Light(True, True, 0.08, 0.22, plate, 10.0, 0.3, (1.0, 1.0, 1.0))


def _recording(kind: str, generator: np.random.Generator) -> Recording:
    is_night = kind == "night"
    return Recording(
        fps=10.0,
        exposure_s=SHUTTER_S,
        focus_px=float(generator.uniform(0.3, 1.2)),
        noise=float(generator.uniform(2, 9)),
        coloured_noise=0.0,
        bloom=0.3 if is_night else 0.0,
        haze=0.0,
        is_grey=is_night,
        quality=int(generator.integers(30, 85)),
        is_video=False,
    )
