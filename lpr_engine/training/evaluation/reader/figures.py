"""What the reader answered, and the figures that follow from it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

import numpy as np

from lpr_engine.grammar.regions import region_code
from lpr_engine.model.pixels import Pixels
from lpr_engine.training.evaluation.reader.calibration import (
    ConfidenceBin,
    confidence_bins,
    error_by_chance,
    expected_calibration_error,
)
from lpr_engine.training.evaluation.reader.causes import Cause, cause_of
from lpr_engine.training.evaluation.reader.edits import mistakes
from lpr_engine.training.evaluation.reader.plates import TruePlate
from lpr_engine.training.evaluation.spelling import folded

_CODE = re.compile("[A-Z]{2}(-[A-Z0-9]{1,3})?")


class Way(Enum):
    """How often the reader may look at a crop."""

    ONE_LOOK = "one look"
    SECOND_LOOK = "second look"


@dataclass(frozen=True, slots=True)
class Answer:
    """What one crop gave.

    `text` and `confidence` are what the engine would tell of this crop, the grammar asked;
    `bare_text` is the likeliest character of each slot. A region is empty if none was answered.
    `cost_ms` is processor time.
    """

    text: str
    confidence: float
    bare_text: str
    region: str
    cost_ms: float


@dataclass(frozen=True, slots=True, eq=False)
class PlateRow:
    """One plate and its answers; `region_right` is None where nothing can be said about it."""

    plate: TruePlate
    answers: dict[Way, Answer]
    crop: Pixels | None = None
    """uint8 BGR, kept of plates that were read wrong, to be looked at."""

    def cause(self, way: Way = Way.SECOND_LOOK) -> Cause | None:
        """Why the text is wrong; None where it is right."""
        return cause_of(self.plate.text, self.answers[way].text)


@dataclass(frozen=True)
class Figures:
    """All figures of one set of plates, looked at in one way."""

    name: str
    way: Way
    rows: tuple[PlateRow, ...]
    regions: tuple[str, ...] = ()
    """What the reader can answer as region."""

    @property
    def plates(self) -> int:
        """How many plates there are."""
        return len(self.rows)

    @cached_property
    def pairs(self) -> list[tuple[str, str]]:
        """Wanted and read text of each plate."""
        return [(row.plate.text, row.answers[self.way].text) for row in self.rows]

    @cached_property
    def exact(self) -> int:
        """How many were read without a mistake."""
        return sum(wanted == read for wanted, read in self.pairs)

    @cached_property
    def exact_folded(self) -> int:
        """How many were read without a mistake, O being 0 and I being 1."""
        return sum(folded(wanted) == folded(read) for wanted, read in self.pairs)

    @cached_property
    def exact_bare(self) -> int:
        """How many would have been read without a mistake had no grammar been asked."""
        return sum(row.plate.text == row.answers[self.way].bare_text for row in self.rows)

    @cached_property
    def character_error_rate(self) -> float:
        """Signs wrong, missing or too many, as a share of the wanted signs."""
        wrong = sum(mistakes(wanted, read) for wanted, read in self.pairs)
        return wrong / max(1, sum(len(wanted) for wanted, _ in self.pairs))

    @cached_property
    def bins(self) -> list[ConfidenceBin]:
        """The plates by the confidence of the whole text; right means exact."""
        return confidence_bins(self._confidences, [wanted == read for wanted, read in self.pairs])

    @property
    def calibration_error(self) -> float:
        """Expected calibration error of the whole text's confidence."""
        return expected_calibration_error(self.bins)

    @cached_property
    def calibration_error_by_chance(self) -> float:
        """What of it so few plates would show by chance alone."""
        return error_by_chance(self._confidences)

    @property
    def confidence(self) -> float:
        """Mean confidence of the whole text."""
        return _mean(self._confidences)

    @property
    def _confidences(self) -> list[float]:
        return [row.answers[self.way].confidence for row in self.rows]

    @property
    def crop_ms(self) -> float:
        """Median processor time that the reader takes for one crop, in milliseconds."""
        times = [row.answers[self.way].cost_ms for row in self.rows]
        return float(np.median(times)) if times else 0.0

    @property
    def crop_ms_mean(self) -> float:
        """Its mean, to which the few crops that need a second look add theirs."""
        return _mean(row.answers[self.way].cost_ms for row in self.rows)

    @cached_property
    def regions_right(self) -> list[bool]:
        """Whether the region is right, for each plate of a region that the reader knows."""
        judged = (
            is_region_right(row.plate.region, row.answers[self.way].region, self.regions)
            for row in self.rows
        )
        return [right for right in judged if right is not None]


@dataclass(frozen=True, slots=True)
class ReaderReport:
    """Every plate with its answers."""

    rows: tuple[PlateRow, ...]
    regions: tuple[str, ...] = ()

    def total(self, way: Way = Way.SECOND_LOOK) -> Figures:
        """All sets as one."""
        return Figures("total", way, self.rows, self.regions)

    def sets(self, way: Way = Way.SECOND_LOOK) -> list[Figures]:
        """The figures of each set, in the order in which they were labelled."""
        groups: dict[str, list[PlateRow]] = {}
        for row in self.rows:
            groups.setdefault(row.plate.group, []).append(row)
        return [Figures(name, way, tuple(rows), self.regions) for name, rows in groups.items()]

    @property
    def failures(self) -> list[PlateRow]:
        """What was read wrong even with the second look: by cause, the surest first."""
        wrong = [(cause, row) for row in self.rows if (cause := row.cause()) is not None]
        order = list(Cause)
        wrong.sort(
            key=lambda pair: (
                order.index(pair[0]), -pair[1].answers[Way.SECOND_LOOK].confidence
            )
        )  # fmt: skip
        return [row for _, row in wrong]


def is_region_right(label: str, answer: str, known: Sequence[str]) -> bool | None:
    """Whether the answer is the labelled region, or a part of it where the label is a country.

    None where the label is missing or nothing that the reader could answer. Readers may name
    regions by code or in English.
    """
    wanted, given = _code(label), _code(answer)
    codes = {_code(name) for name in known}
    if not wanted or wanted not in codes | {code.partition("-")[0] for code in codes}:
        return None
    return given == wanted or given.partition("-")[0] == wanted


def _code(region: str) -> str:
    name = region.strip().upper()
    return name if _CODE.fullmatch(name) else region_code(name) or name


def _mean(values: Iterable[float]) -> float:
    listed = list(values)
    return sum(listed) / len(listed) if listed else 0.0
