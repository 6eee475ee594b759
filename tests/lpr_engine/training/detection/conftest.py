"""A small data folder whose streets, cars and plates are drawn here."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

WIDTH, HEIGHT = 320, 240


def street(rng: np.random.Generator) -> NDArray[np.uint8]:
    shades = rng.integers(20, 90, (HEIGHT // 40, WIDTH // 40, 3)).astype(np.uint8)
    return np.asarray(cv2.resize(shades, (WIDTH, HEIGHT)), np.uint8)


def plate(rng: np.random.Generator, width: int, height: int) -> NDArray[np.uint8]:
    pixels = np.full((height, width, 3), 235, np.uint8)
    text = "".join(rng.choice(list("ABCDEFGH123456789"), 6))
    origin = (int(0.08 * width), int(0.75 * height))
    cv2.putText(pixels, text, origin, cv2.FONT_HERSHEY_SIMPLEX, width / 130, (20, 20, 20), 2)
    return pixels


def labelled_street(rng: np.random.Generator) -> tuple[NDArray[np.uint8], str]:
    pixels = street(rng)
    width = int(rng.integers(60, 120))
    height = width // 3
    x, y = int(rng.integers(WIDTH - width)), int(rng.integers(HEIGHT - height))
    pixels[y : y + height, x : x + width] = plate(rng, width, height)
    middle = ((x + width / 2) / WIDTH, (y + height / 2) / HEIGHT)
    sides = (width / WIDTH, height / HEIGHT)
    return pixels, "0 " + " ".join(f"{value:.6f}" for value in (*middle, *sides)) + "\n"


def write_labelled(folder: Path, count: int, rng: np.random.Generator) -> None:
    for kind in ("images", "labels"):
        (folder / kind).mkdir(parents=True)
    for number in range(count):
        pixels, label = labelled_street(rng)
        cv2.imwrite(str(folder / "images" / f"{number}.png"), pixels)
        (folder / "labels" / f"{number}.txt").write_text(label)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return write_data(tmp_path / "data")


@pytest.fixture(scope="session")
def lasting_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same folder, for what several tests share; not to be changed."""
    return write_data(tmp_path_factory.mktemp("lasting") / "data")


def write_data(root: Path) -> Path:
    rng = np.random.default_rng(1)
    write_labelled(root / "detection" / "train", 6, rng)
    write_labelled(root / "detection" / "val", 3, rng)
    for name, pictures in {
        "negatives": [street(rng) for _ in range(3)],
        "crops/wide": [plate(rng, 160, 40) for _ in range(3)],
        "crops/high": [plate(rng, 120, 60) for _ in range(2)],
    }.items():
        folder = root / name
        folder.mkdir(parents=True)
        for number, pixels in enumerate(pictures):
            cv2.imwrite(str(folder / f"{number}.png"), pixels)
    return root
