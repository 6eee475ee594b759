"""What cameras and detectors do to a plate: a slanted, loosely boxed, blurred, dark, noisy crop."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from lpr_engine.training.synthetic.camera import lens, light, sensor, surrounds, video, weather
from lpr_engine.training.synthetic.camera.contrast import probes
from lpr_engine.training.synthetic.camera.pose import Picture, Pose, composed, placed
from lpr_engine.training.synthetic.camera.severity import Severity

__all__ = ["Crop", "Severity", "degrade"]


@dataclass(frozen=True, slots=True)
class Crop:
    """A degraded crop: `image` uint8 RGB (H, W, 3), `centres` as parts of its width and height."""

    image: Picture
    centres: NDArray[np.float32]


def degrade(
    image: Picture,
    aspect: float,
    centres: NDArray[np.float32],
    context: Picture | None,
    size: tuple[int, int],
    generator: np.random.Generator,
    severity: Severity | None = None,
) -> Crop:
    """A crop of `size` (height, width) as a detector would cut it from a street camera's frame.

    `image` is the plate stretched to any size, `aspect` its true width by height.
    `context` is what stands around the plate; the plate's own edge is repeated without one.
    """
    hard = severity or Severity()
    strength = hard.photometric
    pose = placed(aspect, size, hard, generator)
    night = bool(generator.random() < 0.12 * strength)
    out = _hung(image, pose, context, size, generator, strength, night=night)
    contrast = 255.0
    if strength > 0:
        out, contrast = _seen(out, pose, generator, strength, night=night)
    out = _recorded(out, pose, contrast, hard, generator)
    moved = pose.at(centres) / np.array([size[1], size[0]], np.float32)
    return Crop(out, moved.astype(np.float32))


def _hung(
    image: Picture,
    pose: Pose,
    context: Picture | None,
    size: tuple[int, int],
    generator: np.random.Generator,
    strength: float,
    *,
    night: bool,
) -> Picture:
    """The plate where it hangs, with what stands around and before it."""
    scene = None
    if context is not None:
        street = context
        if context.shape[:2] != size:
            street = np.asarray(cv2.resize(context, (size[1], size[0])), np.uint8)
        scene = surrounds.surrounded(street, pose, generator, strength, night=night)
    out = composed(image, pose, scene, size)
    if scene is not None and generator.random() < 0.6 * strength:
        surrounds.rimmed(out, pose, generator)
    if generator.random() < 0.06 * strength:
        surrounds.blocked(out, pose, generator)
    return out


def _seen(
    image: Picture, pose: Pose, generator: np.random.Generator, strength: float, *, night: bool
) -> tuple[Picture, float]:
    """What light and weather make of it on the sensor, and how much contrast letters have left."""
    tones = image.astype(np.float32)
    at = probes(pose, image.shape[:2])
    if night:
        if generator.random() < 0.7:
            tones = light.infrared(tones, generator)
        if generator.random() < 0.5:
            tones = light.halo(tones, float(generator.uniform(0.3, 1.0)))
    elif generator.random() < 0.15 * strength:
        tones = light.infrared(tones, generator)
    tones = light.lit(tones, at, generator, strength)
    tones = weather.weathered(tones, generator, strength)
    out, contrast = sensor.exposed(tones, at, generator, strength)
    if generator.random() < 0.1 * strength:
        out = sensor.bent_tones(out, float(np.exp(generator.uniform(-0.5, 0.5))))
    return out, contrast


def _recorded(
    image: Picture,
    pose: Pose,
    contrast: float,
    hard: Severity,
    generator: np.random.Generator,
) -> Picture:
    """Blur, few pixels, noise, sharpening and packing, then back to the size it came in."""
    height, width = image.shape[:2]
    strength = hard.photometric
    rows = _seen_rows(height, pose.letter_px, hard.smallest_px, generator)
    letter_px = pose.letter_px * rows / height
    # Few pixels are blur enough: both together leave nothing that anybody could read.
    spare = min(1.0, max(0.15, (letter_px - 8) / 22))
    out = lens.focused(image, pose.letter_px * spare, pose.slope, generator, strength)
    if rows < height:
        columns = int(min(width, max(rows * pose.box_aspect, width * rows / height)))
        out = np.asarray(cv2.resize(out, (columns, rows), interpolation=cv2.INTER_AREA), np.uint8)
    chance = generator.random(4) / max(strength, 1e-6)
    if chance[0] < 0.03:
        shift = max(1, round(0.07 * letter_px * float(generator.uniform(0.3, 1.0))))
        out = sensor.combed(out, shift if generator.random() < 0.5 else -shift)
    elif chance[0] < 0.045 and letter_px > 24:
        out = sensor.one_field(out)
    if chance[1] < 0.5:
        sigma = min(float(generator.exponential(4)), 14 * letter_px / height, contrast / 7)
        out = sensor.grained(out, sigma, generator)
    if chance[2] < 0.15:
        amount = float(generator.uniform(0.3, 1.6))
        out = video.sharpened(out, amount, float(generator.uniform(0.6, 1.5)))
    if chance[3] < 0.08:
        out = video.coarse_colour(out, generator)
    out = video.packed(out, letter_px, contrast, generator, strength)
    return video.enlarged(out, (height, width), generator)


def _seen_rows(
    height: int, letter_px: float, smallest_px: float, generator: np.random.Generator
) -> int:
    """How many rows the camera saw of the crop; half of all plates are near enough to show all."""
    fewest = height * min(1.0, smallest_px / max(letter_px, 1.0))
    if generator.random() < 0.5 or fewest >= height:
        return height
    return round(float(np.exp(generator.uniform(np.log(fewest), np.log(height)))))
