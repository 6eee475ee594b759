"""Only the best candidates of an exported detector are decoded to boxes.

A head proposes a box at each of thousands of places, each edge as a distribution whose softmax
costs a tenth of the whole network. Of one picture's candidates a few dozen matter.
"""

from __future__ import annotations

import types
from typing import Any

import torch
from torch import nn
from ultralytics.utils.tal import make_anchors

CANDIDATES = 300
_NEVER = -100.0
"""Score, before the sigmoid, of what only fills up a picture with fewer places."""


def decode_best_only(head: Any) -> None:
    """Let an ultralytics `Detect` put out its best candidates only: shape (B, 5, 300)."""
    head._inference = types.MethodType(_best, head)


def _best(head: Any, outputs: dict[str, Any]) -> torch.Tensor:
    scores = nn.functional.pad(outputs["scores"], (0, CANDIDATES), value=_NEVER)
    edges = nn.functional.pad(outputs["boxes"], (0, CANDIDATES))
    anchors, strides = make_anchors(outputs["feats"], head.stride, 0.5)
    places = nn.functional.pad(torch.cat([anchors, strides], 1).T, (0, CANDIDATES))
    best, index = torch.topk(scores[:, 0], CANDIDATES, dim=1)
    chosen = torch.gather(edges, 2, index[:, None].expand(-1, edges.shape[1], -1))
    where = torch.gather(
        places[None].expand(index.shape[0], -1, -1), 2, index[:, None].expand(-1, 3, -1)
    )
    boxes = head.decode_bboxes(head.dfl(chosen), where[:, :2]) * where[:, 2:]
    return torch.cat([boxes, best[:, None].sigmoid()], 1)
