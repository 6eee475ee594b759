"""Exact reads of labelled crops: how often a whole text is right."""

from __future__ import annotations

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lpr_engine.training.reading.crops import CropSet
from lpr_engine.training.reading.network import ALPHABET, INPUT_SIZE, PAD, PlateReader
from lpr_engine.training.reading.options import Score

_FOLDED = str.maketrans("OI", "01")


def texts_of(probabilities: NDArray[np.float32]) -> list[str]:
    """The best text of each row of (n, slots, alphabet), padding removed."""
    return ["".join(ALPHABET[i] for i in row).replace(PAD, "") for row in probabilities.argmax(-1)]


def fold(text: str) -> str:
    """O as 0 and I as 1."""
    return text.translate(_FOLDED)


def to_input(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A crop of any size in the network's input size."""
    return np.asarray(
        cv2.resize(image, (INPUT_SIZE[1], INPUT_SIZE[0]), interpolation=cv2.INTER_AREA), np.uint8
    )


def logits_of(network: PlateReader, images: NDArray[np.uint8]) -> Tensor:
    """Logits (n, slots, alphabet) of pictures uint8 RGB (n, H, W, 3)."""
    network.eval()
    parts = []
    with torch.no_grad():
        for start in range(0, len(images), 128):
            pictures = torch.from_numpy(
                np.stack([to_input(i) for i in images[start : start + 128]])
            )
            parts.append(network(pictures.permute(0, 3, 1, 2).float())[0])
    return torch.cat(parts)


def score_crops(network: PlateReader, crops: CropSet) -> dict[str, Score]:
    """Scores by group."""
    read = texts_of(logits_of(network, crops.images).numpy())
    scores: dict[str, Score] = {}
    for group in sorted(set(crops.groups)):
        pairs = [
            (r, t) for r, t, g in zip(read, crops.texts, crops.groups, strict=True) if g == group
        ]
        exact = sum(r == t for r, t in pairs)
        folded = sum(fold(r) == fold(t) for r, t in pairs)
        scores[group] = Score(len(pairs), exact, folded)
    return scores
