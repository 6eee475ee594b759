"""Exact reads of labelled crops: how often a whole text is right."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lpr_engine.training.reading.crops import CropSet
from lpr_engine.training.reading.network import ALPHABET, INPUT_SIZE, PAD, SLOTS, PlateReader
from lpr_engine.training.reading.options import Score
from lpr_engine.training.reading.regions import RegionList
from lpr_engine.vision.enlarging import fitted

_FOLDED = str.maketrans("OI", "01")


def texts_of(probabilities: NDArray[np.float32]) -> list[str]:
    """The best text of each row of (n, slots, alphabet), padding removed."""
    return ["".join(ALPHABET[i] for i in row).replace(PAD, "") for row in probabilities.argmax(-1)]


def fold(text: str) -> str:
    """O as 0 and I as 1."""
    return text.translate(_FOLDED)


def to_input(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A crop of any size in the network's input size."""
    return fitted(image, *INPUT_SIZE)


def logits_of(network: PlateReader, images: NDArray[np.uint8]) -> Tensor:
    """Logits (n, slots, alphabet) of pictures uint8 RGB (n, H, W, 3)."""
    return seen_in(network, images)[0]


def seen_in(network: PlateReader, images: NDArray[np.uint8]) -> tuple[Tensor, Tensor]:
    """Logits of characters, and of regions (n, regions), of pictures uint8 RGB (n, H, W, 3)."""
    network.eval()
    device = next(network.parameters()).device
    characters = [torch.zeros(0, SLOTS, len(ALPHABET))]
    regions = [torch.zeros(0, len(network.regions))]
    with torch.no_grad():
        for start in range(0, len(images), 128):
            pictures = torch.from_numpy(
                np.stack([to_input(i) for i in images[start : start + 128]])
            )
            seen = network(pictures.to(device).permute(0, 3, 1, 2).float())
            characters.append(seen.characters.cpu())
            if seen.regions is not None:
                regions.append(seen.regions.cpu())
    return torch.cat(characters), torch.cat(regions)


def score_crops(network: PlateReader, crops: CropSet) -> dict[str, Score]:
    """Scores by group."""
    characters, regions = seen_in(network, crops.images)
    read = texts_of(characters.numpy())
    known, right = _regions(RegionList(network.regions), regions, crops)
    scores: dict[str, Score] = {}
    for group in sorted(set(crops.groups)):
        rows = [row for row, name in enumerate(crops.groups) if name == group]
        pairs = [(read[row], crops.texts[row]) for row in rows]
        scores[group] = Score(
            crops=len(rows),
            exact=sum(r == t for r, t in pairs),
            folded=sum(fold(r) == fold(t) for r, t in pairs),
            regions_known=int(known[rows].sum()),
            regions_right=int(right[rows].sum()),
        )
    return scores


def _regions(
    names: RegionList, logits: Tensor, crops: CropSet
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Of each crop: is its region known, and is the likeliest region (or country) that one."""
    labels = np.array([names.written(region) for region in crops.regions], np.int64)
    known = labels >= 0
    if not names.names:
        return known, known
    chances = logits.softmax(-1).numpy()
    answers = [names.answers(row) for row in chances]
    right = [
        bool(label >= 0 and names.labels[label] in answer)
        for label, answer in zip(labels, answers, strict=True)
    ]
    return known, np.array(right, np.bool_)
