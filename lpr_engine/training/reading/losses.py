"""What a batch costs: wrong characters, attention off its character, a wrong region."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from lpr_engine.training.reading.network import ALPHABET, GRID, PAD


def character_loss(logits: Tensor, labels: Tensor) -> Tensor:
    """Cross entropy over all slots; a filled slot counts twice a padded one."""
    each = functional.cross_entropy(
        logits.flatten(0, 1), labels.flatten(), label_smoothing=0.03, reduction="none"
    )
    weight = torch.where(labels.flatten() == ALPHABET.index(PAD), 0.5, 1.0)
    return (each * weight).sum() / weight.sum()


def guidance_loss(scores: Tensor, centres: Tensor) -> Tensor:
    """Pulls each slot's attention to where its character is known to be.

    scores: (n, slots, places) before softmax. centres: (n, slots, 2) as parts of the picture,
    NaN unknown.
    """
    rows, columns = GRID
    y = (torch.arange(rows, device=scores.device) + 0.5) / rows
    x = (torch.arange(columns, device=scores.device) + 0.5) / columns
    across = ((x[None, None] - centres[..., :1]) * columns) ** 2 / 1.0
    down = ((y[None, None] - centres[..., 1:]) * rows) ** 2 / 0.5
    target = (-(down[..., :, None] + across[..., None, :])).flatten(2)
    known = torch.isfinite(centres).all(-1)
    if not bool(known.any()):
        return scores.sum() * 0
    goal = target[known].softmax(-1)
    return -(goal * scores[known].log_softmax(-1)).sum(-1).mean()


def region_loss(logits: Tensor, labels: Tensor, members: Tensor) -> Tensor:
    """The negative logarithm of the summed probability of all regions that a label may mean.

    logits: (n, regions). labels: (n,), places in `members`, -1 unknown. members: bool (labels,
    regions), as `RegionList.members`.
    """
    known = labels >= 0
    if not bool(known.any()):
        return logits.sum() * 0
    chances = logits[known].log_softmax(-1)
    meant = members[labels[known]]
    return -chances.masked_fill(~meant, -torch.inf).logsumexp(-1).mean()
