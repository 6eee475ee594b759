"""A drawn street where cars come and go one after another: a clip to try the engine on.

`python -m lpr_engine.training.synthetic.drive_by street.mp4` writes the clip and,
beside it, a JSON file with the plates that pass.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

from lpr_engine.model.errors import LprError
from lpr_engine.training.synthetic.car import (
    CAR_SIZE_M,
    PX_PER_M,
    CarLook,
    Picture,
    Sprite,
    draw_car,
)
from lpr_engine.training.synthetic.formats import PlateFormat, plate_formats
from lpr_engine.training.synthetic.plate import render_text
from lpr_engine.training.synthetic.street import Camera, draw_street

FRAMES_PER_SECOND = 12
_PAUSE_S = 0.8
_YELLOW = (((246, 200, 40), (20, 20, 20)),)


class ClipError(LprError):
    """The clip could not be encoded."""

    code = "clip_failed"


@dataclass(frozen=True, slots=True)
class Drive:
    """One car's way past the camera; a falling depth means that it comes nearer."""

    spelling: str
    region: str
    layout: str
    paint: tuple[int, int, int]
    across_m: float
    depths_m: tuple[float, float]
    duration_s: float
    plate_width_m: float
    seed: int

    @property
    def leaves(self) -> bool:
        """Whether the camera sees the car from behind."""
        return self.depths_m[1] > self.depths_m[0]

    @property
    def text(self) -> str:
        """The plate's letters and digits."""
        return "".join(sign for sign in self.spelling if sign.isalnum())


DRIVES = (
    Drive("M|KX 4711", "DE", "europe", (46, 84, 140), -1.55, (34.0, 3.6), 4.4, 0.52, 9),
    Drive("AB12 CDE", "GB", "britain", (150, 30, 34), 1.55, (3.6, 34.0), 4.2, 0.52, 1),
    Drive("7LPR^204", "US", "america", (196, 198, 202), -1.5, (30.0, 3.6), 4.0, 0.34, 4),
)


def frames(drives: Sequence[Drive] = DRIVES, seed: int = 1) -> Iterator[Picture]:
    """The clip's frames, uint8 RGB (720, 1280, 3)."""
    generator = np.random.default_rng(seed)
    camera = Camera()
    street = draw_street(camera, generator)
    for drive in drives:
        sprite = draw_car(_look(drive))
        for _ in range(round(_PAUSE_S * FRAMES_PER_SECOND)):
            yield _sensed(street.copy(), generator)
        count = round(drive.duration_s * FRAMES_PER_SECOND)
        for index in range(count):
            picture = street.copy()
            _place(picture, sprite, camera, drive, _depth(drive, index / (count - 1)))
            yield _sensed(picture, generator)
    for _ in range(round(_PAUSE_S * FRAMES_PER_SECOND)):
        yield _sensed(street.copy(), generator)


def _look(drive: Drive) -> CarLook:
    generator = np.random.default_rng(drive.seed)
    plate = render_text(_format(drive), drive.spelling, generator)
    return CarLook(drive.paint, drive.leaves, plate.image, drive.plate_width_m)


def _format(drive: Drive) -> PlateFormat:
    """The format, in its commonest colours, as narrow lettering that stays legible from afar."""
    chosen = next(
        f for f in plate_formats() if f.region == drive.region and f.layout == drive.layout
    )
    colours = _YELLOW if drive.region == "GB" and drive.leaves else chosen.colours[:1]
    return replace(chosen, colours=colours, faces=("uk",))


def _depth(drive: Drive, part: float) -> float:
    """Even steps of the picture rather than of the road: the car brakes as it comes near."""
    start, end = drive.depths_m
    return float(
        1 / ((1 / start) ** 0.6 + part * ((1 / end) ** 0.6 - (1 / start) ** 0.6)) ** (1 / 0.6)
    )


def _place(picture: Picture, sprite: Sprite, camera: Camera, drive: Drive, depth_m: float) -> None:
    scale = camera.focal_px / depth_m / PX_PER_M
    middle, ground = camera.project(drive.across_m, 0.0, depth_m)
    _shadow(picture, (middle, ground), camera.focal_px / depth_m)
    left = middle - CAR_SIZE_M[0] / 2 * camera.focal_px / depth_m
    top = ground - CAR_SIZE_M[1] * camera.focal_px / depth_m
    # The far side of a car beside the camera's axis is turned away: a little slant shows it.
    slant = drive.across_m / depth_m * 0.25
    matrix = np.array(
        [
            [scale, 0.0, left],
            [slant * scale, scale, top - slant * scale * sprite.cover.shape[1] / 2],
        ]
    )
    size = (camera.width, camera.height)
    way = cv2.INTER_AREA if scale < 0.5 else cv2.INTER_LINEAR
    colour, cover = _reduced(sprite, scale)
    shrunk = colour.shape[1] / sprite.colour.shape[1]
    matrix[:, :2] /= shrunk
    moved = cv2.warpAffine(colour, matrix, size, flags=way)
    share = cv2.warpAffine(cover, matrix, size, flags=way)[..., None]
    picture[:] = (picture * (1 - share) + moved * share).astype(np.uint8)


def _reduced(sprite: Sprite, scale: float) -> tuple[Picture, np.ndarray]:
    """The sprite near its final size, averaged, so that far cars do not flicker."""
    if scale >= 1:
        return sprite.colour, sprite.cover
    size = (
        max(8, round(sprite.colour.shape[1] * scale)),
        max(8, round(sprite.colour.shape[0] * scale)),
    )
    colour = cv2.resize(sprite.colour, size, interpolation=cv2.INTER_AREA)
    return np.asarray(colour, np.uint8), cv2.resize(
        sprite.cover, size, interpolation=cv2.INTER_AREA
    )


def _shadow(picture: Picture, at: tuple[float, float], px_per_m: float) -> None:
    mask = np.zeros(picture.shape[:2], np.uint8)
    centre = (round(at[0] + 0.15 * px_per_m), round(at[1]))
    cv2.ellipse(
        mask,
        centre,
        (max(1, round(1.05 * px_per_m)), max(1, round(0.13 * px_per_m))),
        0,
        0,
        360,
        255,
        -1,
    )
    soft = (
        cv2.GaussianBlur(mask, (0, 0), max(0.6, 0.05 * px_per_m)).astype(np.float32)[..., None]
        / 255
    )
    picture[:] = (picture * (1 - 0.55 * soft)).astype(np.uint8)


def _sensed(picture: Picture, generator: np.random.Generator) -> Picture:
    """A little sensor noise."""
    grain = generator.standard_normal(picture.shape[:2], np.float32)[..., None] * 1.6
    return np.clip(picture + grain, 0, 255).astype(np.uint8)


def write_clip(path: Path, drives: Sequence[Drive] = DRIVES, seed: int = 1) -> None:
    """Encode the clip and write what passes in it beside it.

    Raises:
        ClipError: no encoder took the frames.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if shutil.which("ffmpeg"):
        _encode_with_ffmpeg(path, frames(drives, seed))
    else:
        _encode_with_opencv(path, frames(drives, seed))
    facts = {
        "passages": len(drives),
        "plates": [{"text": d.text, "country": d.region} for d in drives],
    }
    path.with_suffix(".json").write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")


def _encode_with_ffmpeg(path: Path, pictures: Iterator[Picture]) -> None:
    camera = Camera()
    command = [
        "ffmpeg", "-y", "-loglevel", "error", "-f", "rawvideo", "-pix_fmt", "rgb24",
        "-s", f"{camera.width}x{camera.height}", "-r", str(FRAMES_PER_SECOND), "-i", "-",
        "-c:v", "libx264", "-preset", "medium", "-crf", "22", "-pix_fmt", "yuv420p",
        "-movflags", "+faststart", str(path),
    ]  # fmt: skip
    try:
        subprocess.run(  # noqa: S603 - a fixed program, and no shell
            command, input=b"".join(p.tobytes() for p in pictures), check=True, capture_output=True
        )
    except (OSError, subprocess.CalledProcessError) as err:
        raise ClipError(f"{path}: ffmpeg could not encode the clip: {err}") from err


def _encode_with_opencv(path: Path, pictures: Iterator[Picture]) -> None:
    camera = Camera()
    code = cv2.VideoWriter.fourcc(*"mp4v")
    writer = cv2.VideoWriter(str(path), code, FRAMES_PER_SECOND, (camera.width, camera.height))
    if not writer.isOpened():
        raise ClipError(f"{path}: no encoder for MPEG-4 video")
    for picture in pictures:
        writer.write(cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
    writer.release()


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the clip named on the command line."""
    parser = argparse.ArgumentParser(prog="python -m lpr_engine.training.synthetic.drive_by")
    parser.add_argument("path", type=Path, help="the clip's file, .mp4")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    try:
        write_clip(options.path, seed=options.seed)
    except LprError as err:
        sys.stderr.write(f"{err.code}: {err}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
