"""What a training leaves behind, and where."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lpr_engine.training.curves import Panel, draw_curves
from lpr_engine.training.detection.errors import DetectorTrainingError
from lpr_engine.training.detection.report import EpochReport
from lpr_engine.training.detection.settings import DetectorTraining
from lpr_engine.training.detection.settings_file import read_settings, write_settings
from lpr_engine.training.progress_table import ProgressTable

_SCORES = (
    "average_precision_50",
    "average_precision_75",
    "recall",
    "recall_tight",
    "precision",
)
_COLUMNS = (
    "epoch",
    "loss_box",
    "loss_class",
    "loss_edge",
    "learning_rate",
    "pictures_per_s",
    *_SCORES,
)


@dataclass(frozen=True, slots=True)
class RunFolder:
    """One training's folder."""

    path: Path

    @property
    def settings(self) -> Path:
        """What the training was told."""
        return self.path / "training.yaml"

    @property
    def metrics(self) -> Path:
        """A row of figures for each epoch."""
        return self.path / "metrics.csv"

    @property
    def curves(self) -> Path:
        """The figures drawn over the epochs; only there if matplotlib is installed."""
        return self.path / "curves.png"

    @property
    def checkpoint(self) -> Path:
        """Where an interrupted training goes on from."""
        return self.path / "checkpoint.pt"

    @property
    def weights(self) -> Path:
        """The weights that a later training can start from."""
        return self.path / "weights.safetensors"

    @property
    def network(self) -> Path:
        """The detector for the engine."""
        return self.path / "detector.onnx"

    @property
    def int8(self) -> Path:
        """Its eight-bit copy; only there if one was wanted and good enough."""
        return self.path / "detector-int8.onnx"

    @property
    def card(self) -> Path:
        """What the detector is, in words."""
        return self.path / "detector.md"

    def open(self, training: DetectorTraining) -> None:
        """Make the folder and write down the settings.

        Raises:
            DetectorTrainingError: the folder holds a training with other settings.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        if self.checkpoint.exists() and self.settings.exists():
            before = DetectorTraining(**read_settings(self.settings)).described()
            now = training.described()
            other = [name for name in before | now if before.get(name) != now.get(name)]
            if other:
                raise DetectorTrainingError(
                    f"{self.path}: holds a training with other settings ({', '.join(other)}); "
                    "choose another folder, or the same settings to go on"
                )
        write_settings(training, self.settings)

    def record(self, report: EpochReport) -> None:
        """Add an epoch's figures."""
        self._table.add(report.row())

    def rows(self) -> list[dict[str, float]]:
        """Every epoch's figures, those that were not taken left out."""
        return self._table.rows()

    def draw_curves(self) -> None:
        """Draw the figures over the epochs, if matplotlib is installed."""
        panels = (Panel("losses", "epoch", _COLUMNS[1:4]), Panel("validation", "epoch", _SCORES))
        draw_curves(self.curves, self.rows(), panels)

    @property
    def _table(self) -> ProgressTable:
        return ProgressTable(self.metrics, _COLUMNS)
