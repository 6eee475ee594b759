"""`lpr-engine bench` as a user calls it, on a part of the bundled clip."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest

from lpr_engine.app.benchmark import CAMERA_COUNTS
from lpr_engine.app.own_process import BenchmarkError, in_own_process, peak_memory_mb

CLIP_FPS = 12
ALLOCATED_MB = 100


@pytest.fixture
def write_clip(tmp_path: Path) -> Callable[[Sequence[np.ndarray]], Path]:
    def write(frames: Sequence[np.ndarray]) -> Path:
        path = tmp_path / "cut.mp4"
        size = (frames[0].shape[1], frames[0].shape[0])
        clip = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*"mp4v"), CLIP_FPS, size)
        for frame in frames:
            clip.write(frame)
        clip.release()
        return path

    return write


def test_figures_are_measured_and_written(
    lpr: Callable[..., tuple[int, str, str]],
    street_frames: list[np.ndarray],
    write_clip: Callable[[Sequence[np.ndarray]], Path],
    tmp_path: Path,
) -> None:
    first_car = write_clip(street_frames[: len(street_frames) // 3])
    target = tmp_path / "figures.json"

    code, out, err = lpr("bench", "--json", target, "--seconds", 2, "--clip", first_car)

    assert (code, err) == (0, "")
    figures = json.loads(target.read_text(encoding="utf-8"))
    live = figures["live"]
    assert live["passages"] == 1
    assert {stage["stage"] for stage in live["stages"]} >= {"detect", "read", "track", "commit"}
    for stage in live["stages"]:
        assert 0 <= stage["p50_ms"] <= stage["p95_ms"]
        assert stage["count"] > 0
        assert f"{stage['p50_ms']:.1f}" in out
    assert live["first_message_s"] > 0
    assert live["final_message_s"] > 0
    assert live["start_s"] > 0
    assert [one["cameras"] for one in figures["throughput"]] == list(CAMERA_COUNTS)
    for one in figures["throughput"]:
        assert one["frames_per_second"] > 0
        assert 0 <= one["skipped_share"] < 1
        assert 0 <= one["plates_share"] <= 1
        assert f"{one['frames_per_second']:.1f}" in out


def test_clip_without_a_plate_is_no_benchmark(
    lpr: Callable[..., tuple[int, str, str]],
    write_clip: Callable[[Sequence[np.ndarray]], Path],
    tmp_path: Path,
) -> None:
    grey = write_clip([np.full((72, 128, 3), 90, np.uint8)] * 6)

    code, _, err = lpr("bench", "--json", tmp_path / "figures.json", "--clip", grey)

    assert code == 1
    assert "the clip showed no passage" in err
    assert err.endswith("[benchmark_failed]\n")


@pytest.mark.parametrize("seconds", ["0", "-1", "inf", "nan", "soon"])
def test_senseless_times_are_refused(
    lpr: Callable[..., tuple[int, str, str]], seconds: str
) -> None:
    code, _, err = lpr("bench", "--seconds", seconds)

    assert code == 2
    assert "--seconds" in err


def test_place_for_figures_is_checked_first(
    lpr: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    code, _, err = lpr("bench", "--json", tmp_path / "missing" / "figures.json")

    assert code == 1
    assert "missing/figures.json: the figures cannot be written there" in err


def fill_memory() -> float:
    _ = np.ones(ALLOCATED_MB * 1024 * 1024, np.uint8)
    return peak_memory_mb()


def test_memory_is_that_of_the_measured_process_alone() -> None:
    _, light = np.ones(4 * ALLOCATED_MB * 1024 * 1024, np.uint8), in_own_process(peak_memory_mb)

    assert in_own_process(fill_memory) - light > 0.9 * ALLOCATED_MB
    assert peak_memory_mb() - light > 2 * ALLOCATED_MB


def fail() -> None:
    raise BenchmarkError("as told")


def test_errors_cross_the_processes() -> None:
    with pytest.raises(BenchmarkError, match="as told"):
        in_own_process(fail)


def die() -> None:
    import os
    import signal

    os.kill(os.getpid(), signal.SIGKILL)


def test_killed_process_is_reported() -> None:
    with pytest.raises(BenchmarkError, match="was killed"):
        in_own_process(die)
