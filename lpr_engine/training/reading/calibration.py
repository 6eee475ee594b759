"""How far the confidence of a text can be believed, on held-out crops."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from lpr_engine.training.reading.crops import CropSet
from lpr_engine.training.reading.feed import encode
from lpr_engine.training.reading.network import PlateReader
from lpr_engine.training.reading.score import logits_of, texts_of

_LEAST_CROPS = 100
_EDGES = (0.0, 0.5, 0.8, 0.95, 1.01)


@dataclass(frozen=True, slots=True)
class Bin:
    """Crops whose whole text has a confidence from `low` to below `high`."""

    low: float
    high: float
    crops: int
    right: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """The temperature that was fitted, and what confidences mean with it."""

    temperature: float
    fitted: bool
    bins: tuple[Bin, ...]


def calibrated(network: PlateReader, crops: CropSet) -> Calibration:
    """Fit the temperature, where there are crops enough, and count right texts by confidence."""
    logits = logits_of(network, crops.images)
    fits = len(crops) >= _LEAST_CROPS
    temperature = fit_temperature(logits, crops.texts) if fits else 1.0
    chances = (logits / temperature).softmax(-1).numpy()
    confidence = chances.max(-1).prod(-1)
    right = np.array([r == t for r, t in zip(texts_of(chances), crops.texts, strict=True)], bool)
    bins = []
    for low, high in itertools.pairwise(_EDGES):
        inside = (confidence >= low) & (confidence < high)
        bins.append(Bin(low, min(1.0, high), int(inside.sum()), int(right[inside].sum())))
    return Calibration(temperature, fits, tuple(bins))


def fit_temperature(logits: Tensor, texts: list[str]) -> float:
    """The temperature at which the probabilities fit these texts best (Guo et al. 2017)."""
    labels = torch.tensor([encode(text) for text in texts]).flatten()
    candidates = torch.linspace(0.4, 3.0, 105)
    losses = [float(functional.cross_entropy(logits.flatten(0, 1) / t, labels)) for t in candidates]
    return float(candidates[int(np.argmin(losses))])
