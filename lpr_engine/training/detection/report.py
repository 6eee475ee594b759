"""What a training tells while it runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from lpr_engine.training.detection.validation import DetectorScore


@dataclass(frozen=True, slots=True)
class EpochReport:
    """What one epoch did; `score` is there when the epoch ended with a validation."""

    epoch: int
    epochs: int
    losses: Mapping[str, float]
    learning_rate: float
    pictures_per_s: float
    remaining_s: float
    score: DetectorScore | None

    def row(self) -> dict[str, float]:
        """The figures as one flat row, by name."""
        losses = {f"loss_{name}": round(value, 5) for name, value in self.losses.items()}
        figures = asdict(self.score) if self.score else {}
        return {
            "epoch": self.epoch,
            **losses,
            "learning_rate": self.learning_rate,
            "pictures_per_s": round(self.pictures_per_s, 2),
            **{name: round(value, 5) for name, value in figures.items()},
        }

    def __str__(self) -> str:
        """One line for people."""
        losses = " ".join(f"{name} {value:.3f}" for name, value in self.losses.items())
        line = (
            f"epoch {self.epoch}/{self.epochs}  loss {losses}  "
            f"{self.pictures_per_s:.1f} pictures/s  {self.remaining_s / 60:.0f} min left"
        )
        if self.score is None:
            return line
        return f"{line}  AP50 {self.score.average_precision_50:.3f} recall {self.score.recall:.3f}"
