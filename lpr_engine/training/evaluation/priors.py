"""What plate formats as a prior are worth, on labelled crops."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from lpr_engine.grammar.europe import LAYOUTS as EUROPE
from lpr_engine.grammar.history import SiteHistory
from lpr_engine.grammar.prior import Grammar
from lpr_engine.grammar.regions import region_code
from lpr_engine.model.geometry import Box
from lpr_engine.model.observation import Crop, Detection, Observation
from lpr_engine.model.pixels import Pixels
from lpr_engine.model.ports import PlateReader
from lpr_engine.sources.picture import read_picture
from lpr_engine.tracking.region_word import RegionWord
from lpr_engine.tracking.spelling import spell
from lpr_engine.tracking.vote import Outcome, Vote
from lpr_engine.training.evaluation.spelling import bare, folded
from lpr_engine.training.reading.crops import LabelledCrop
from lpr_engine.vision.quality import quality_of


@dataclass(frozen=True, slots=True)
class Prior:
    """One way to weigh texts: by a crop's grammar, with the reader's word on regions or not."""

    name: str
    grammar_of: Callable[[LabelledCrop], Grammar] | None
    hears_regions: bool = False


@dataclass(frozen=True, slots=True)
class PriorScore:
    """How many texts of crops were read exactly, and with O as 0 and I as 1; and how sure.

    `surprise` is the mean of -ln of the probability that the true text was given, at least 0.001.
    """

    prior: str
    crops: int
    exact: int
    exact_folded: int
    surprise: float


def priors(history: Iterable[LabelledCrop]) -> list[Prior]:
    """Every prior that is compared; `history` are crops that a site has seen before.

    The crops of one folder are one site. A crop's `group` is its country, where it is a code
    with formats; other crops are read as if no country were given.
    """
    sites: defaultdict[str, SiteHistory] = defaultdict(SiteHistory)
    nowhere = Grammar()
    for crop in history:
        sites[_site(crop)].note(crop.text, nowhere.region_of(crop.text), 1.0)
    return [
        Prior("none", None),
        Prior("country unknown", lambda _crop: nowhere),
        Prior("all of Europe given", lambda _crop: Grammar(tuple(EUROPE))),
        Prior("country given", lambda crop: Grammar(_given(crop.group.partition("-")[0]))),
        Prior("country or state given", lambda crop: Grammar(_given(crop.group))),
        Prior("learned from the site", lambda crop: Grammar((), sites[_site(crop)])),
        Prior("region by the reader", lambda _crop: nowhere, hears_regions=True),
        Prior(
            "region by the reader, learned",
            lambda crop: Grammar((), sites[_site(crop)]),
            hears_regions=True,
        ),
    ]


def observations(
    crops: Sequence[LabelledCrop], reader: PlateReader, height_px: int | None
) -> list[Observation]:
    """Every crop, read; made so small first that it is `height_px` high, as from afar.

    Raises:
        PictureError: a crop is no readable picture.
        ModelError: the reader could not be run.
    """
    return [_observation(read_picture(crop.path), reader, height_px) for crop in crops]


def score(prior: Prior, crops: Sequence[LabelledCrop], seen: Sequence[Observation]) -> PriorScore:
    """Let each observation vote alone, weighed by the prior."""
    exact = alike = 0
    surprises: list[float] = []
    for crop, observation in zip(crops, seen, strict=True):
        outcome = _outcome(prior, crop, observation)
        text = outcome.text if outcome is not None else ""
        exact += bare(text) == bare(crop.text)
        alike += folded(text) == folded(crop.text)
        surprises.append(-float(np.log(max(_chance(outcome, crop.text), 1e-3))))
    mean = sum(surprises) / len(surprises) if surprises else 0.0
    return PriorScore(prior.name, len(crops), exact, alike, mean)


def _outcome(prior: Prior, crop: LabelledCrop, observation: Observation) -> Outcome | None:
    spelling = spell(observation)
    if spelling is None:
        return None
    word = RegionWord()
    if prior.hears_regions:
        word.add(observation.reading, 1.0)
    grammar = prior.grammar_of(crop) if prior.grammar_of is not None else None
    vote = Vote(lambda text: grammar.log_prior(text, word.shares) if grammar is not None else 0.0)
    vote.add(spelling)
    return vote.outcome


def _chance(outcome: Outcome | None, text: str) -> float:
    if outcome is None:
        return 0.0
    given = {other.text: other.confidence for other in outcome.alternatives}
    return (given | {outcome.text: outcome.confidence}).get(text, 0.0)


def _observation(picture: Pixels, reader: PlateReader, height_px: int | None) -> Observation:
    height, width = picture.shape[:2]
    if height_px is not None and height > height_px:
        size = (max(1, round(width * height_px / height)), height_px)
        picture = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
        height, width = picture.shape[:2]
    crop = Crop(picture, quality_of(picture, height, clipped=False))
    return Observation(Detection(Box(0, 0, width, height), 1.0), crop, reader.read([crop])[0])


def _given(code: str) -> tuple[str, ...]:
    return (code,) if region_code(code) is not None else ()


def _site(crop: LabelledCrop) -> str:
    return str(crop.path.parent)
