"""Pictures cut from the bundled clip, and the command as a user calls it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from lpr_engine.app.sample import SAMPLE_CLIP
from lpr_engine.cli.main import main

Pixels = np.ndarray


@pytest.fixture(scope="session")
def street_frames() -> list[Pixels]:
    """Every frame of the bundled clip, uint8 BGR."""
    clip = cv2.VideoCapture(str(SAMPLE_CLIP))
    frames = []
    while True:
        read, frame = clip.read()
        if not read:
            break
        frames.append(frame)
    clip.release()
    assert frames
    return frames


@pytest.fixture(scope="session")
def expected_texts() -> list[str]:
    """The plates of the bundled clip in the order in which they pass."""
    described = json.loads(SAMPLE_CLIP.with_suffix(".json").read_text(encoding="utf-8"))
    return [plate["text"] for plate in described["plates"]]


@pytest.fixture
def car(street_frames: list[Pixels], tmp_path: Path) -> Path:
    """A picture with one car quite near."""
    path = tmp_path / "car.png"
    cv2.imwrite(str(path), street_frames[len(street_frames) * 2 // 12 + 8])
    return path


@pytest.fixture
def lpr(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Run the command; returns exit code, standard output and standard error."""

    def run(*arguments: object) -> tuple[int, str, str]:
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as end:
            code = int(end.code or 0)
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


def objects(output: str) -> list[dict[str, Any]]:
    """The JSON objects of an output, one a line."""
    return [json.loads(line) for line in output.splitlines()]
