"""Plates drawn for the pinned figures, by this file and the stroke alphabet alone.

The generator's formats, layouts and cameras grow with every training; what the pinned figures
are measured on has to stay as it is, on every machine, so that a figure that falls means a worse
reader. Hence no installed font, no layout, and a camera of four plain steps.
"""

import csv
from pathlib import Path

import cv2
import numpy as np

from lpr_engine.training.synthetic.strokes import StrokeStyle, stroke_glyph

COUNT = 320
SEED = 20
CAP_PX = 60
PATTERNS = ("LLL999", "LL999LL", "9LLL999", "LL99LLL", "LLL9L99", "9999LLL", "LL9999", "L999LL")
# Without I, O and Q, which a reader can only guess beside 1 and 0.
LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
GROUNDS = ((235, 235, 238), (60, 200, 235), (225, 228, 232), (150, 60, 25), (238, 238, 238))
STYLES = (
    StrokeStyle(width=0.5, thickness=0.13, radius=0.2),
    StrokeStyle(width=0.56, thickness=0.15, radius=0.28),
    StrokeStyle(width=0.6, thickness=0.16, radius=0.12),
    StrokeStyle(width=0.48, thickness=0.12, radius=0.28),
    StrokeStyle(width=0.54, thickness=0.14, radius=0.2),
)


def write_plain_plates(folder: Path) -> None:
    """`clean` and `worn`, a folder of crops each: half of the plates upright, half seen badly."""
    for region in ("clean", "worn"):
        (folder / region).mkdir(parents=True)
    rows = [["image_path", "plate_text", "region"]]
    for number in range(COUNT):
        generator = np.random.default_rng((SEED, number))
        region = ("clean", "worn")[number % 2]
        text = plate_text(generator)
        picture = plain_plate(text, generator)
        if region == "worn":
            picture = worn(picture, generator)
        name = f"{region}/{number:03}.png"
        assert cv2.imwrite(str(folder / name), picture)
        rows.append([name, text, region])
    with (folder / "labels.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)


def plate_text(generator: np.random.Generator) -> str:
    pattern = PATTERNS[int(generator.integers(len(PATTERNS)))]
    signs = {"L": LETTERS, "9": "0123456789"}
    return "".join(signs[kind][int(generator.integers(len(signs[kind])))] for kind in pattern)


def plain_plate(text: str, generator: np.random.Generator) -> np.ndarray:
    """Uint8 BGR: the text in one line on an even ground."""
    style = STYLES[int(generator.integers(len(STYLES)))]
    ground = GROUNDS[int(generator.integers(len(GROUNDS)))]
    ink = (40, 35, 35) if sum(ground) > 400 else (235, 235, 235)
    gap = np.zeros((CAP_PX, round(CAP_PX * generator.uniform(0.14, 0.22))), np.uint8)
    pieces = [piece for sign in text for piece in (stroke_glyph(sign, style, CAP_PX), gap)][:-1]
    cover = np.pad(np.hstack(pieces), ((18, 18), (26, 26))).astype(np.float32)[..., None] / 255
    return (np.array(ground) + (np.array(ink) - np.array(ground)) * cover).astype(np.uint8)


def worn(picture: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Seen a little from the side, out of focus, from afar, in noise."""
    height, width = picture.shape[:2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    moved = corners + generator.uniform(-0.05, 0.05, (4, 2)).astype(np.float32) * height
    matrix = cv2.getPerspectiveTransform(corners, moved)
    seen = cv2.warpPerspective(picture, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE)
    seen = cv2.GaussianBlur(seen, (0, 0), float(generator.uniform(0.8, 2.2)))
    rows = int(generator.integers(20, 36))
    seen = cv2.resize(seen, (width * rows // height, rows), interpolation=cv2.INTER_AREA)
    light = generator.uniform(0.45, 1.0)
    noise = generator.normal(0, 5, seen.shape)
    return np.clip(seen * light + noise, 0, 255).astype(np.uint8)
