"""What the engine achieves on this machine, measured on the bundled clip or a person's own."""

from __future__ import annotations

import dataclasses
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from lpr_engine.app.engine import Engine
from lpr_engine.app.live_run import POLL_S, LiveRun, run_live, wait_for_first_look
from lpr_engine.app.own_process import in_own_process, peak_memory_mb
from lpr_engine.app.sample import SAMPLE_CLIP, sample_configuration
from lpr_engine.config.sections import CameraSection, Configuration

CAMERA_COUNTS = (1, 2, 4)
_EVERY_FRAME_FPS = 1000.0


@dataclass(frozen=True, slots=True)
class Throughput:
    """Frames per second through the whole engine, all cameras together, as fast as it can.

    Counted are frames that went through the detector; every camera plays the clip once, so that
    any number of cameras sees the same mixture of empty street and plates, unless time is up
    before (`whole_clip` is false then). `plates_share` of the batches held a plate that was read;
    `skipped_share` of the decoded frames showed no motion and were not looked at.
    """

    cameras: int
    frames_per_second: float
    whole_clip: bool
    plates_share: float
    skipped_share: float
    peak_memory_mb: float


@dataclass(frozen=True, slots=True)
class BenchmarkReport:
    """All figures of one run."""

    live: LiveRun
    throughput: tuple[Throughput, ...]


def run_benchmark(most_seconds: float, clip: Path = SAMPLE_CLIP) -> BenchmarkReport:
    """Measure a live camera, then 1, 2 and 4 that are read as fast as it goes, each in a process.

    Raises:
        BenchmarkError: the clip showed no passage, or the engine did not start.
    """
    with tempfile.TemporaryDirectory(prefix="lpr-bench-") as folder:
        live = sample_configuration(Path(folder) / "live", clip, port=0)
        return BenchmarkReport(
            in_own_process(run_live, live, time.monotonic()),
            tuple(
                in_own_process(
                    run_unpaced, _unpaced(Path(folder) / str(count), clip, count), most_seconds
                )
                for count in CAMERA_COUNTS
            ),
        )


def _unpaced(folder: Path, clip: Path, count: int) -> Configuration:
    cameras = tuple(
        CameraSection(
            id=f"street_{number}",
            source=str(clip.absolute()),
            fps=_EVERY_FRAME_FPS,
            realtime=False,
        )
        for number in range(count)
    )
    return dataclasses.replace(sample_configuration(folder, clip, port=0), cameras=cameras)


def run_unpaced(configuration: Configuration, most_seconds: float) -> Throughput:
    """Frames per second from the first frame until the cameras have ended, or the time is up."""
    engine = Engine(configuration)
    engine.start()
    try:
        began_s, before = wait_for_first_look(engine), engine.frames_looked_at
        while not engine.idle and time.monotonic() < began_s + most_seconds:
            time.sleep(POLL_S)
        whole = engine.idle
        looked, elapsed_s = engine.frames_looked_at, time.monotonic() - began_s
        figures = engine.figures()
    finally:
        engine.stop()
    decoded = sum(camera.frames_decoded for camera in figures.cameras)
    waiting = 0 if whole else len(figures.cameras)
    batches = {stage.stage: stage.count for stage in figures.stages}
    return Throughput(
        cameras=len(configuration.cameras),
        frames_per_second=round((looked - before) / elapsed_s, 2),
        whole_clip=whole,
        plates_share=round(batches.get("read", 0) / batches["detect"], 3),
        skipped_share=round(max(0, decoded - looked - waiting) / decoded, 3),
        peak_memory_mb=peak_memory_mb(),
    )
