"""What a plate hangs in: bodywork, a recess, a frame with the dealer's name, a tow bar."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from lpr_engine.training.synthetic.camera.light import channels
from lpr_engine.training.synthetic.camera.pose import Picture, Pose

_ADVERT = ("AUTOHAUS", "MOTORS", "GARAGE", "CARS", "SERVICE", "WWW.COM", "GMBH")


def surrounded(
    street: Picture, pose: Pose, generator: np.random.Generator, strength: float, *, night: bool
) -> Picture:
    """A scene of the crop's size for the plate to be drawn on; `street` is any picture."""
    scene = _near(street, generator) if generator.random() < 0.7 * strength else street.copy()
    if generator.random() < 0.45 * strength:
        _paint(scene, generator)
    if night:
        cv2.convertScaleAbs(scene, scene, float(generator.uniform(0.1, 0.5)))
    if generator.random() < 0.3 * strength:
        _recess(scene, pose, generator)
    if generator.random() < 0.35 * strength:
        _frame(scene, pose, generator)
    return scene


def _near(street: Picture, generator: np.random.Generator) -> Picture:
    """A small part of the street: what stands around a plate is near, so it shows little detail."""
    rows, columns = street.shape[:2]
    part = float(generator.uniform(0.2, 0.7))
    high, wide = max(2, int(rows * part)), max(2, int(columns * part))
    top = int(generator.integers(0, rows - high + 1))
    left = int(generator.integers(0, columns - wide + 1))
    return np.asarray(
        cv2.resize(street[top : top + high, left : left + wide], (columns, rows)), np.uint8
    )


def _paint(scene: Picture, generator: np.random.Generator) -> None:
    """Bodywork: one colour over all, so that the street only mirrors in it."""
    level = float(generator.choice([20, 45, 110, 170, 225])) + float(generator.uniform(-15, 15))
    colour = level + generator.normal(0, 12 if generator.random() < 0.6 else 45, 3)
    mirrored = float(generator.uniform(0.1, 0.5))
    shade = np.clip(colour, 0, 255) * (1 - mirrored)
    painted = cv2.convertScaleAbs(scene, alpha=mirrored)
    cv2.add(painted, channels(*shade.tolist()), scene)


def _recess(scene: Picture, pose: Pose, generator: np.random.Generator) -> None:
    """The dark gap or the shadow between a plate and the bodywork."""
    grown = generator.uniform(0, 0.1, 4) * [0.5, 1, 0.5, 1.5]
    outline = pose.outline((grown[0], grown[1], grown[2], grown[3]))
    cv2.fillPoly(scene, [outline], (float(generator.uniform(5, 60)),) * 3, cv2.LINE_AA)


def _frame(scene: Picture, pose: Pose, generator: np.random.Generator) -> None:
    """A holder; its lower edge is often broader and carries the dealer's name."""
    rim = float(generator.uniform(0.02, 0.08))
    foot = float(generator.uniform(0.1, 0.22)) if generator.random() < 0.5 else rim
    dark = generator.random() < 0.75
    level = float(generator.uniform(5, 60) if dark else generator.uniform(130, 240))
    cv2.fillPoly(scene, [pose.outline((rim / 3, rim, rim / 3, foot))], (level,) * 3, cv2.LINE_AA)
    if foot > 2 * rim:
        words = " ".join(generator.choice(_ADVERT, 2))
        start = pose.at(np.array([[generator.uniform(0.1, 0.4), 0.98 + foot]], np.float32))[0]
        ink = (255.0 - level,) * 3
        place = (int(start[0]), int(start[1]))
        scale = foot * pose.plate_px / 24
        cv2.putText(scene, words, place, cv2.FONT_HERSHEY_SIMPLEX, scale, ink, 1, cv2.LINE_AA)


def rimmed(image: Picture, pose: Pose, generator: np.random.Generator) -> None:
    """A soft line where plate and scene meet: no camera shows a step from pixel to pixel there."""
    level = float(generator.uniform(10, 110))
    inside = 0.5 / max(pose.plate_px, 8)
    outline = pose.outline((-inside / 3, -inside, -inside / 3, -inside))
    cv2.polylines(image, [outline], True, (level,) * 3, 1, cv2.LINE_AA)


def blocked(image: Picture, pose: Pose, generator: np.random.Generator) -> None:
    """A frame's lip over one edge, or a tow ball or bar before the lower one."""
    level = (float(generator.uniform(5, 70)),) * 3
    if generator.random() < 0.5:
        over = generator.uniform(0.0, 0.07, 2)
        lip = np.array([[0, 0], [1, 0], [1, over[0]], [0, over[0]]], np.float32)
        foot = np.array([[0, 1], [1, 1], [1, 1 - over[1]], [0, 1 - over[1]]], np.float32)
        for edge in (lip, foot):
            cv2.fillConvexPoly(image, _pixels(pose.at(edge)), level, cv2.LINE_AA)
        return
    middle = float(generator.normal(0.5, 0.12))
    top = float(generator.uniform(0.84, 0.95))
    centre, below = _pixels(pose.at(np.array([[middle, top + 0.06], [middle, 1.5]], np.float32)))
    radius = max(1, round(0.08 * pose.plate_px))
    cv2.line(image, centre.tolist(), below.tolist(), level, max(1, radius), cv2.LINE_AA)
    cv2.circle(image, centre.tolist(), radius, level, -1, cv2.LINE_AA)


def _pixels(places: NDArray[np.float32]) -> NDArray[np.int32]:
    return np.asarray(np.rint(places), np.int32)
