"""What a reader's training leaves behind, and where."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import yaml

import lpr_engine
from lpr_engine.training.curves import Panel, draw_curves
from lpr_engine.training.progress_table import ProgressTable
from lpr_engine.training.reading.drawn import DRAWN
from lpr_engine.training.reading.errors import ReaderTrainingError
from lpr_engine.training.reading.options import ReaderOptions, ReaderProgress, Score

_PACKAGES = ("torch", "numpy", "opencv-python-headless", "onnx", "onnxruntime")
_COLUMNS = ("step", "samples", "loss", "learning_rate", "samples_per_s")
_OVERALL = ("exact", "folded", "region")


@dataclass(frozen=True, slots=True)
class RunFolder:
    """One training's folder."""

    path: Path

    @property
    def settings(self) -> Path:
        """What the training was told, with versions and the labels' checksums."""
        return self.path / "run.yaml"

    @property
    def progress(self) -> Path:
        """Figures, a row every few steps."""
        return self.path / "progress.csv"

    @property
    def curves(self) -> Path:
        """The figures drawn over the samples; only there if matplotlib is installed."""
        return self.path / "curves.png"

    @property
    def checkpoint(self) -> Path:
        """Where an interrupted training goes on from."""
        return self.path / "reader.pt"

    @property
    def card(self) -> Path:
        """What the reader is, in words."""
        return self.path / "reader.md"

    @property
    def int8(self) -> Path:
        """The reader in eight bits; only there if it is wanted and reads as well."""
        return self.path / "reader-int8.onnx"

    @property
    def bank(self) -> Path:
        """Drawn plates."""
        return self.path / "bank"

    def open(self, options: ReaderOptions, device: str) -> None:
        """Make the folder and write down what the training is told.

        Raises:
            ReaderTrainingError: the folder cannot be written, or it holds a training with other
                labels.
        """
        labels = {str(file): _checksum(file) for file in options.labels}
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            if self.checkpoint.exists() and not options.new_labels:
                self._refuse_other(labels)
            settings = {
                "options": options.described(),
                "labels": labels,
                "versions": _versions(),
                "machine": {"processor": platform.machine(), "device": device},
            }
            text = yaml.safe_dump(settings, sort_keys=False)
            partial = self.settings.with_suffix(".partial")
            partial.write_text(text, "utf-8")
            partial.replace(self.settings)
        except OSError as err:
            raise ReaderTrainingError(
                f"{self.path}: the run folder cannot be written: {err.strerror or err}"
            ) from err

    def table(self, groups: Iterable[str]) -> ProgressTable:
        """The figures, with columns for these groups of crops."""
        by_group = [f"{kind}_{group}" for group in groups for kind in _OVERALL]
        return ProgressTable(self.progress, [*_COLUMNS, *_OVERALL, *by_group])

    def draw_curves(self, groups: Iterable[str]) -> None:
        """Draw the figures over the samples, if matplotlib is installed."""
        rows = self.table(groups).rows()
        exact = ("exact", *(f"exact_{group}" for group in groups))
        panels = (
            Panel("loss", "samples", ("loss",), logarithmic=True),
            Panel("learning rate", "samples", ("learning_rate",)),
            Panel("held-out crops read exactly", "samples", exact, percent=True),
        )
        draw_curves(self.curves, rows, panels)

    def _refuse_other(self, labels: Mapping[str, str]) -> None:
        before = self._labels_before()
        if before is None or sorted(before.values()) == sorted(labels.values()):
            return
        names = sorted(before.keys() | labels.keys())
        changed = [
            f"{name}: {_change(before.get(name), labels.get(name))}"
            for name in names
            if before.get(name) != labels.get(name)
        ]
        raise ReaderTrainingError(
            f"{self.path}: holds a training with other labels ({'; '.join(changed)}); choose "
            "another --out, or go on with the new labels by --new-labels"
        )

    def _labels_before(self) -> dict[str, str] | None:
        if not self.settings.exists():
            return None
        try:
            read: Any = yaml.safe_load(self.settings.read_text("utf-8"))
            return {str(name): str(value) for name, value in read["labels"].items()}
        except (UnicodeDecodeError, yaml.YAMLError, KeyError, TypeError, AttributeError) as err:
            raise ReaderTrainingError(
                f"{self.settings}: does not say what this training learns from ({err}); delete it "
                "if the labels are the same"
            ) from err


def row_of(progress: ReaderProgress) -> dict[str, float]:
    """A row of the table."""
    row: dict[str, float] = {
        "step": progress.step,
        "samples": progress.samples,
        "loss": round(progress.loss, 5),
        "learning_rate": float(f"{progress.learning_rate:.4g}"),
        "samples_per_s": round(progress.samples_per_second, 1),
    }
    for group, score in progress.scores.items():
        row[f"exact_{group}"] = round(score.exact / score.crops, 4)
        row[f"folded_{group}"] = round(score.folded / score.crops, 4)
        if score.regions_known:
            row[f"region_{group}"] = round(score.regions_right / score.regions_known, 4)
    return row | _overall([s for group, s in progress.scores.items() if group != DRAWN])


def _overall(scores: list[Score]) -> dict[str, float]:
    crops = sum(score.crops for score in scores)
    if not crops:
        return {}
    known = sum(score.regions_known for score in scores)
    right = sum(score.regions_right for score in scores)
    figures = {
        "exact": round(sum(score.exact for score in scores) / crops, 4),
        "folded": round(sum(score.folded for score in scores) / crops, 4),
    }
    return figures | ({"region": round(right / known, 4)} if known else {})


def _change(before: str | None, now: str | None) -> str:
    if before is None:
        return "is new"
    return "is not given any more" if now is None else "has changed"


def _checksum(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _versions() -> dict[str, str]:
    found = {"lpr_engine": lpr_engine.__version__, "python": platform.python_version()}
    return found | {package: _version(package) for package in _PACKAGES}


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed as a package"
