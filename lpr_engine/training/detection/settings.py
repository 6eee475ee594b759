"""What a training of the plate detector is told: data, recipe and schedule."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from lpr_engine.training.detection.errors import DetectorSettingsError

STRIDE_PX = 32
Margins: TypeAlias = tuple[float, float, float, float]
_CHANCES = (
    "mosaic_chance",
    "focus_chance",
    "replace_chance",
    "paste_chance",
    "distractor_chance",
    "sign_chance",
    "negative_share",
)
_COUNTS = ("epochs", "batches_per_epoch", "batch_size", "validate_every")


@dataclass(frozen=True, slots=True)
class Recipe:
    """How training pictures are composed.

    Chances and shares are 0..1; widths are shares of the picture's width. `picture_repeats` maps a
    beginning of file names to how often such a picture counts. `crop_shares` maps folders of
    `crops`, and `(drawn)`, to their shares of the pasted plates; empty means all alike.
    Distractors are pieces of the scene, signs are lettered things that are no plates.
    Labels and crops of some sources are looser than their plates: `label_margins` (by the beginning
    of picture names) and `crop_margins` (by folder) are the shares of width and height that
    are cut away at left, top, right and bottom.

    Raises:
        DetectorSettingsError: a value is out of its range.
    """

    mosaic_chance: float = 0.5
    focus_chance: float = 0.6
    focus_width: tuple[float, float] = (0.05, 0.85)
    replace_chance: float = 0.35
    paste_chance: float = 0.35
    paste_width: tuple[float, float] = (0.06, 0.95)
    distractor_chance: float = 0.3
    sign_chance: float = 0.2
    negative_share: float = 0.22
    picture_repeats: Mapping[str, int] = field(default_factory=dict)
    crop_shares: Mapping[str, float] = field(default_factory=dict)
    label_margins: Mapping[str, Margins] = field(default_factory=dict)
    crop_margins: Mapping[str, Margins] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse what no picture could be composed by."""
        for name in _CHANCES:
            _demand(0 <= getattr(self, name) <= 1, name, "must be 0 to 1")
        for name in ("focus_width", "paste_width"):
            low, high = getattr(self, name)
            _demand(0 < low <= high <= 1, name, "must be two rising shares above 0 and up to 1")
        repeats, shares = self.picture_repeats.values(), self.crop_shares.values()
        _demand(all(count >= 1 for count in repeats), "picture_repeats", "must be 1 or more")
        _demand(all(share > 0 for share in shares), "crop_shares", "must be above 0")
        for name in ("label_margins", "crop_margins"):
            fitting = all(map(_leaves_something, getattr(self, name).values()))
            _demand(fitting, name, "must be four shares each, opposite ones below 1 together")


@dataclass(frozen=True, slots=True)
class Schedule:
    """How long and with which steps the network learns.

    Raises:
        DetectorSettingsError: a value is out of its range.
    """

    epochs: int = 60
    batches_per_epoch: int = 40
    batch_size: int = 16
    sizes_px: tuple[int, ...] = (320, 384, 448, 512)
    learning_rate: float = 1.5e-3
    final_rate_share: float = 0.02
    weight_decay: float = 5e-4
    warmup_batches: int = 120
    mosaic_free_epochs: int = 9
    average_decay: float = 0.998
    validate_every: int = 3
    validation_size_px: int = 416

    def __post_init__(self) -> None:
        """Refuse what no network could be trained by."""
        for name in _COUNTS:
            _demand(getattr(self, name) >= 1, name, "must be 1 or more")
        sizes = (*self.sizes_px, self.validation_size_px)
        fitting = bool(self.sizes_px) and all(size > 0 and size % STRIDE_PX == 0 for size in sizes)
        _demand(fitting, "sizes_px, validation_size_px", f"must be multiples of {STRIDE_PX}")
        _demand(self.learning_rate > 0, "learning_rate", "must be above 0")
        _demand(0 <= self.average_decay < 1, "average_decay", "must be 0 to below 1")


@dataclass(frozen=True, slots=True)
class DetectorTraining:
    """Everything that `train_detector` needs to know.

    `data` holds `detection/train` and `detection/val` (each with `images` and `labels`), and may
    hold `negatives` and `crops/<folder>`. `start_weights` is an exported detector (.onnx), or a
    safetensors file, of which every tensor that fits is taken. `half_arithmetic` (bfloat16) is
    three times as fast on processors with AVX512-BF16 or AMX, and slower on others. So many
    `drawn_plates` of all countries are pasted beside real crops.
    """

    data: Path
    run: Path
    start_weights: Path | None = None
    seed: int = 7
    threads: int = 2
    half_arithmetic: bool = False
    negatives: int = 250
    drawn_plates: int = 0
    recipe: Recipe = field(default_factory=Recipe)
    schedule: Schedule = field(default_factory=Schedule)

    def described(self) -> dict[str, object]:
        """The settings as plain values, fit for YAML."""
        values = dataclasses.asdict(self)
        plain = {name: _plain(value) for name, value in values.items()}
        return {name: value for name, value in plain.items() if value is not None}


def _leaves_something(margins: Margins) -> bool:
    left, top, right, bottom = margins
    return min(margins) >= 0 and left + right < 1 and top + bottom < 1


def _demand(holds: bool, name: str, demand: str) -> None:
    if not holds:
        raise DetectorSettingsError(f"{name}: {demand}")


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(part) for part in value]
    return str(value) if isinstance(value, Path) else value
