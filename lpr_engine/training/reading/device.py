"""Where a network learns: which device, and in which arithmetic."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from lpr_engine.training.reading.errors import ReaderTrainingError

_PROCESSOR = Path("/proc/cpuinfo")
_FAST_BFLOAT16 = frozenset({"avx512_bf16", "amx_bf16"})


@dataclass(frozen=True, slots=True)
class Device:
    """A device and whether it multiplies in bfloat16."""

    name: str
    half: bool

    def __str__(self) -> str:
        what = torch.cuda.get_device_name() if self.name == "cuda" else "processor"
        return f"{self.name} ({what}, {'bfloat16' if self.half else 'float32'})"

    def arithmetic(self) -> AbstractContextManager[Any]:
        """The context in which the network runs."""
        return torch.autocast(self.name, torch.bfloat16, enabled=self.half)  # type: ignore[no-any-return, unused-ignore]  # untyped in torch

    def pictures(self, batch: Tensor) -> Tensor:
        """Pictures uint8 (n, H, W, 3) as the network takes them."""
        moved = batch.to(self.name, non_blocking=True).permute(0, 3, 1, 2)
        kind = torch.bfloat16 if self.half else torch.float32
        return moved.contiguous(memory_format=torch.channels_last).to(kind)


def choose_device(wanted: str) -> Device:
    """The device of this name; `auto` takes a GPU where torch has one.

    Raises:
        ReaderTrainingError: a GPU is wanted, and torch has none.
    """
    has_cuda = torch.cuda.is_available()
    if wanted == "cuda" and not has_cuda:
        raise ReaderTrainingError(
            f"device cuda: this torch ({torch.__version__}) finds no GPU; use --device cpu, or "
            "install a torch built for CUDA"
        )
    if wanted != "cpu" and has_cuda:
        return Device("cuda", torch.cuda.is_bf16_supported())
    return Device("cpu", _multiplies_bfloat16(_PROCESSOR))


def _multiplies_bfloat16(processor: Path) -> bool:
    """Whether the processor has instructions for it; without them it is slower than float32."""
    try:
        flags = processor.read_text("utf-8")
    except OSError:
        return False
    return not _FAST_BFLOAT16.isdisjoint(flags.split())
