"""The reader's network: a convolutional eye, a look over the plate, one query for each slot."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

INPUT_SIZE = (48, 160)
"""Height and width of the input picture."""
SLOTS = 10
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_"
PAD = "_"
GRID = (3, 40)
_WIDTHS = (32, 48, 80, 128)


class _Unit(nn.Sequential):  # type: ignore[misc, unused-ignore]  # Any without torch
    """Convolution, normalisation, rectifier."""

    def __init__(
        self, inside: int, outside: int, stride: int | tuple[int, int] = 1, kernel: int = 3
    ) -> None:
        super().__init__(
            nn.Conv2d(inside, outside, kernel, stride, kernel // 2, bias=False),
            nn.BatchNorm2d(outside),
            nn.ReLU(inplace=True),
        )


class _Residual(nn.Module):  # type: ignore[misc, unused-ignore]  # Any without torch
    """Two convolutions beside a shortcut."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = _Unit(width, width)
        self.second = nn.Sequential(
            nn.Conv2d(width, width, 3, 1, 1, bias=False), nn.BatchNorm2d(width)
        )

    def forward(self, x: Tensor) -> Tensor:
        return functional.relu(x + self.second(self.first(x)))


class _Look(nn.Module):  # type: ignore[misc, unused-ignore]  # Any without torch
    """Everything in a row looks at all else in it: one transformer layer, normalised before."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.before, self.between = nn.LayerNorm(width), nn.LayerNorm(width)
        self.mix, self.back = nn.Linear(width, width * 3), nn.Linear(width, width)
        self.feed = nn.Sequential(
            nn.Linear(width, width * 2), nn.GELU(), nn.Linear(width * 2, width)
        )

    def forward(self, x: Tensor) -> Tensor:
        batch, places, width = x.shape
        mixed = (
            self.mix(self.before(x))
            .view(batch, places, 3, self.heads, width // self.heads)
            .permute(2, 0, 3, 1, 4)
        )
        query, key, value = mixed[0], mixed[1], mixed[2]
        weights = (query @ key.transpose(-1, -2) * (width // self.heads) ** -0.5).softmax(-1)
        x = x + self.back((weights @ value).transpose(1, 2).reshape(batch, places, width))
        return torch.as_tensor(x + self.feed(self.between(x)))


class Seen(NamedTuple):
    """What the network makes of n pictures; regions only where it tells some apart."""

    characters: Tensor
    """Logits (n, slots, alphabet)."""
    attention: Tensor
    """Scores (n, slots, places)."""
    regions: Tensor | None
    """Logits (n, regions)."""


class PlateReader(nn.Module):  # type: ignore[misc, unused-ignore]  # Any without torch
    """Reads one plate in each picture, and says which of `regions` it is from, if there are any."""

    def __init__(self, regions: tuple[str, ...] = ()) -> None:
        super().__init__()
        self.regions = regions
        one, two, three, four = _WIDTHS
        self.eye = nn.Sequential(
            _Unit(3, one, 2, 5),
            _Unit(one, two, 2),
            _Residual(two),
            _Unit(two, three, (2, 1)),
            _Residual(three),
            _Unit(three, four, (2, 1)),
        )
        self.columns = nn.Linear(four * GRID[0], four)
        self.position = nn.Parameter(torch.randn(1, GRID[1], four) * 0.02)
        self.place = nn.Parameter(torch.randn(1, GRID[0] * GRID[1], four) * 0.02)
        self.looks = nn.Sequential(_Look(four, 4), _Look(four, 4))
        self.after = nn.LayerNorm(four)
        self.queries = nn.Parameter(torch.randn(SLOTS, four) * 0.3)
        self.key, self.context = nn.Linear(four, four), nn.Linear(four, four)
        self.sight = nn.Linear(four, four)
        self.spelling = _Look(four, 4)
        self.head = nn.Sequential(
            nn.LayerNorm(four),
            nn.Linear(four, four),
            nn.GELU(),
            nn.Dropout(0.1),
            nn.Linear(four, len(ALPHABET)),
        )
        # Last, so that a network without regions has the same weights in the same order.
        self.region = (
            nn.Sequential(nn.LayerNorm(four), nn.Linear(four, len(regions))) if regions else None
        )

    def forward(self, pictures: Tensor) -> Seen:
        """What is seen in each picture.

        pictures: (n, 3, 48, 160), RGB, values 0..255.
        """
        seen = self.eye((pictures - 127.5) / 64)
        batch, width, rows, columns = seen.shape
        by_column = seen.permute(0, 3, 2, 1).reshape(batch, columns, rows * width)
        looked = self.after(self.looks(self.columns(by_column) + self.position))
        places = seen.permute(0, 2, 3, 1).reshape(batch, rows * columns, width)
        meant = (
            looked.unsqueeze(1)
            .expand(batch, rows, columns, width)
            .reshape(batch, rows * columns, width)
        )
        scores = (
            self.queries
            @ (self.key(places) + self.context(meant) + self.place).transpose(1, 2)
            * 4
            / width**0.5
        )
        attention = scores.softmax(-1)
        # The head gets what a place looks like beside what it means, so that no shape is lost.
        slots = attention @ (meant + self.sight(places)) + self.queries
        # Slots look at each other: a round sign among letters is an O, and none is read twice.
        regions = None if self.region is None else self.region(looked.mean(1))
        return Seen(self.head(self.spelling(slots)), scores, regions)
