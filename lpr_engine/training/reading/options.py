"""What a reader's training is given and what it tells; importable without torch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Score:
    """Counts over one group of crops; `folded` takes O for 0 and I for 1.

    `regions_right` counts among the `regions_known` crops whose label names a region that the
    reader tells apart; a country is right when any of its subdivisions is the answer.
    """

    crops: int
    exact: int
    folded: int
    regions_known: int = 0
    regions_right: int = 0


@dataclass(frozen=True, slots=True)
class ReaderFiles:
    """What an export wrote."""

    weights: Path
    plate_config: Path
    start: Path
    """The network's state, from which another training can start."""


@dataclass(frozen=True, slots=True)
class ReaderOptions:
    """What a course needs: labels, where it runs, how long and how."""

    labels: tuple[Path, ...]
    out: Path
    around: tuple[Path, ...] = ()
    """Folders of street pictures; pieces of them stand around the plates."""
    bank: Path | None = None
    """Folder of rendered plates; `out/bank` without one."""
    plates: int = 40_000
    steps: int = 5_000
    batch_size: int = 192
    real_share: float = 0.4
    group_weights: Mapping[str, float] = field(default_factory=dict)
    learning_rate: float = 2.5e-3
    weight_decay: float = 0.02
    guidance: float = 0.3
    region_weight: float = 0.2
    """What a wrong region costs beside wrong characters; without one, no regions are learnt."""
    start: Path | None = None
    """Start weights or a checkpoint, whose tensors are taken where they fit."""
    report_every: int = 50
    judge_every: int = 500
    threads: int = 1
    workers: int = 1
    seed: int = 1


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


Report = Callable[[ReaderProgress], None]
