"""Pictures without any plate: how often one is seen, read or told of all the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

from lpr_engine.config.sections import CameraSection, TrackingSection
from lpr_engine.model.contract import JsonObject
from lpr_engine.model.errors import PictureError
from lpr_engine.model.frame import Frame
from lpr_engine.model.observation import Observation
from lpr_engine.model.passage import Stage
from lpr_engine.model.pixels import Pixels
from lpr_engine.sources.picture import picture_files, read_picture
from lpr_engine.tracking.tracker import PlateTracker
from lpr_engine.training.evaluation.labels import EvaluationDataError
from lpr_engine.vision.sight import PlateVision

SHOWN_FRAMES = 10
_FRAME_S = 0.1
_CAMERA = CameraSection(id="still", source="still")
_BEGIN = datetime(2000, 1, 1, tzinfo=timezone.utc)


@dataclass(frozen=True, slots=True)
class NegativesReport:
    """How many of the pictures showed a box, a reading, a passage; `invented` names the last."""

    pictures: int
    with_box: int
    with_text: int
    invented: tuple[tuple[str, str], ...]
    problems: tuple[str, ...]

    @property
    def clean_share(self) -> float:
        """Share of the pictures of which nothing would be told."""
        return 1 - len({name for name, _ in self.invented}) / max(1, self.pictures)


def evaluate_negatives(
    folder: Path, vision: PlateVision, progress: Callable[[int, int], None] | None = None
) -> NegativesReport:
    """Look at each picture, and hold it before a camera for a second.

    Raises:
        EvaluationDataError: there is no picture in the folder.
        ModelError: a model could not be run.
    """
    paths = picture_files(folder) if folder.is_dir() else []
    if not paths:
        raise EvaluationDataError(f"{folder}: no picture in it")
    with_box = with_text = 0
    invented: list[tuple[str, str]] = []
    problems: list[str] = []
    for done, path in enumerate(paths, start=1):
        try:
            pixels = read_picture(path)
        except PictureError as err:
            problems.append(str(err))
            continue
        seen = vision.look([pixels])[0]
        with_box += bool(seen)
        with_text += any(one.reading is not None and one.reading.text for one in seen)
        invented += [(path.name, text) for text in passages_of(pixels, seen)]
        if progress is not None:
            progress(done, len(paths))
    return NegativesReport(
        len(paths) - len(problems), with_box, with_text, tuple(invented), tuple(problems)
    )


def passages_of(pixels: Pixels, seen: Sequence[Observation]) -> list[str]:
    """The texts that a camera would tell of, with the usual settings, if it saw this for a second.

    Nothing moves, so every frame shows the same: the hardest case, in which all frames agree.
    """
    tracker = PlateTracker("evaluation", _CAMERA, TrackingSection(), lambda: "still")
    updates = []
    for number in range(SHOWN_FRAMES):
        passed_s = number * _FRAME_S
        at = _BEGIN + timedelta(seconds=passed_s)
        updates += tracker.update(Frame(_CAMERA.id, pixels, at, passed_s, number), seen)
    updates += tracker.finish()
    return [one.passage.text for one in updates if one.passage.stage is Stage.FINAL]


def negatives_line(report: NegativesReport) -> str:
    """The figures in one sentence for people."""
    return (
        f"{report.pictures} pictures without a plate: a box in {_share(report, report.with_box)}, "
        f"a text in {_share(report, report.with_text)}, no passage in {report.clean_share:.1%}"
    )


def negatives_to_json(report: NegativesReport) -> JsonObject:
    """The figures, and each text that was invented."""
    return {
        "pictures": report.pictures,
        "with_box": report.with_box,
        "with_text": report.with_text,
        "clean_share": round(report.clean_share, 4),
        "invented": [{"picture": name, "text": text} for name, text in report.invented],
        "problems": list(report.problems),
    }


def _share(report: NegativesReport, count: int) -> str:
    return f"{count / max(1, report.pictures):.1%}"
