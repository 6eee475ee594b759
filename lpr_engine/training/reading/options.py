"""What a reader's training is given and what it tells; importable without torch."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from lpr_engine.model.errors import LprError

DEVICES = ("auto", "cpu", "cuda")


class ReaderOptionsError(LprError):
    """An option of a reader's training is out of range; the message names it."""

    code = "reader_options_invalid"


@dataclass(frozen=True, slots=True)
class Score:
    """Counts over one group of crops; `folded` takes O for 0 and I for 1.

    `regions_right` counts among the `regions_known` crops whose label names a region that the
    reader tells apart; a country is right when its subdivisions are likeliest together.
    """

    crops: int
    exact: int
    folded: int
    regions_known: int = 0
    regions_right: int = 0


@dataclass(frozen=True, slots=True)
class Int8Copy:
    """A reader's eight-bit copy beside the reader itself: pairs are of the reader, of the copy.

    `crop_ms` is processor time for one crop by itself, on one core.
    """

    weights: Path
    pictures: int
    size_bytes: tuple[int, int]
    crop_ms: tuple[float, float]
    exact: tuple[int, int]

    def __str__(self) -> str:
        size, small = (f"{size / 1e6:.2f}" for size in self.size_bytes)
        slow, fast = (f"{each:.2f}" for each in self.crop_ms)
        exact, kept = (f"{count / max(1, self.pictures):.1%}" for count in self.exact)
        return (
            f"{size} -> {small} MB, {slow} -> {fast} ms for a crop on one core, "
            f"{exact} -> {kept} of {self.pictures} pictures read exactly"
        )


@dataclass(frozen=True, slots=True)
class Int8Refused:
    """Why no eight-bit copy was kept."""

    reason: str

    def __str__(self) -> str:
        return f"no copy was kept, the reader stays as it is ({self.reason})"


Int8: TypeAlias = Int8Copy | Int8Refused


@dataclass(frozen=True, slots=True)
class ReaderFiles:
    """What an export wrote."""

    weights: Path
    plate_config: Path
    start: Path
    """The network's state, from which another training can start."""
    card: Path | None = None
    int8: Int8 | None = None
    """Only if one is wanted."""


@dataclass(frozen=True, slots=True)
class ReaderOptions:
    """What a course needs: labels, where it runs, how long and how.

    Raises:
        ReaderOptionsError: a value is out of its range.
    """

    labels: tuple[Path, ...]
    out: Path
    around: tuple[Path, ...] = ()
    """Folders of street pictures; pieces of them stand around the plates."""
    bank: Path | None = None
    """Folder of rendered plates; `out/bank` without one."""
    plates: int = 40_000
    steps: int = 5_000
    minutes: float | None = None
    """How long to learn in all, resumed runs together; then `steps` follows from the speed."""
    batch_size: int = 192
    real_share: float = 0.4
    group_weights: Mapping[str, float] = field(default_factory=dict)
    learning_rate: float = 2.5e-3
    weight_decay: float = 0.02
    guidance: float = 0.3
    curriculum: int = 0
    """Batches over which drawn plates go from clean to all that a camera does."""
    region_weight: float = 0.2
    """What a wrong region costs beside wrong characters; without one, no regions are learnt."""
    start: Path | None = None
    """Start weights or a checkpoint, whose tensors are taken where they fit."""
    report_every: int = 50
    judge_every: int = 500
    threads: int = 1
    workers: int = 1
    seed: int = 1
    device: str = "auto"
    licence: str = "private"
    skip_bad: bool = False
    """Leave unusable rows out, once they have been named, instead of refusing to begin."""
    new_labels: bool = False
    """Go on although the labels are not those that the run began with."""
    int8: bool = False
    """Write an eight-bit copy too, if it reads as well."""

    def __post_init__(self) -> None:
        """Refuse what nothing could be trained by."""
        for name in ("steps", "batch_size", "report_every", "judge_every", "threads"):
            _demand(getattr(self, name) >= 1, name, "must be 1 or more")
        for name in ("plates", "workers", "seed", "curriculum"):
            _demand(getattr(self, name) >= 0, name, "must be 0 or more")
        for name in ("weight_decay", "guidance", "region_weight"):
            _demand(getattr(self, name) >= 0, name, "must be 0 or more")
        _demand(self.learning_rate > 0, "learning_rate", "must be above 0")
        _demand(0 <= self.real_share <= 1, "real_share", "must be 0 to 1")
        _demand(self.minutes is None or self.minutes > 0, "minutes", "must be above 0")
        _demand(all(w > 0 for w in self.group_weights.values()), "group_weights", "must be above 0")
        _demand(self.device in DEVICES, "device", f"must be one of {', '.join(DEVICES)}")

    def described(self) -> dict[str, object]:
        """The options as plain values, fit for YAML."""
        given = {one.name: getattr(self, one.name) for one in dataclasses.fields(self)}
        return {name: _plain(value) for name, value in given.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Drawing:
    """How many of the plates that are drawn before the training are done."""

    done: int
    plates: int


@dataclass(frozen=True, slots=True)
class ReaderPlan:
    """What a course will do, told once its speed has been measured."""

    learnt: Mapping[str, int]
    """Crops to learn from by group."""
    judged: Mapping[str, int]
    """Crops held out by group."""
    drawn: Mapping[str, int]
    """Drawn plates by country."""
    real_share: float
    regions: int
    first: int
    steps: int
    batch_size: int
    samples: int
    samples_per_second: float
    remaining_s: float
    device: str
    out: Path
    started_from: str


@dataclass(frozen=True, slots=True)
class ReaderProgress:
    """Where a course stands."""

    step: int
    steps: int
    loss: float
    samples_per_second: float
    remaining_s: float
    scores: Mapping[str, Score]
    """Exact reads of the held-out crops by group; empty between judgements."""
    learning_rate: float = 0.0
    samples: int = 0


Report = Callable[[ReaderProgress], None]
Note: TypeAlias = Drawing | ReaderPlan
Notes = Callable[[Note], None]


def _demand(holds: bool, name: str, demand: str) -> None:
    if not holds:
        raise ReaderOptionsError(f"{name}: {demand}")


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return str(value) if isinstance(value, Path) else value
