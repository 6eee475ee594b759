"""Whether a reader's network and its plate config fit each other; if not, what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fast_plate_ocr.inference.config import PlateConfig

_INPUT_TYPES = ("tensor(uint8)", "tensor(float)")


def input_misfit(inputs: Sequence[Any], config: PlateConfig) -> str | None:
    """What is wrong with the network's inputs (`onnxruntime.NodeArg`), if anything is."""
    if len(inputs) != 1:
        return f"the network takes {len(inputs)} inputs, a plate reader one picture"
    (entry,) = inputs
    wanted = [config.img_height, config.img_width]
    shape = fixed_sides(entry.shape)
    if len(shape) != 4 or any(
        side not in (None, expected) for side, expected in zip(shape[1:3], wanted, strict=True)
    ):
        return f"the network takes {entry.shape}, the config gives {wanted}"
    if shape[3] not in (1, 3, None):
        return f"the network takes {shape[3]} colour channels"
    if entry.type not in _INPUT_TYPES:
        return f"the network takes {entry.type}, a plate reader {' or '.join(_INPUT_TYPES)}"
    return None


def output_misfit(
    plates: tuple[int, ...],
    regions: tuple[int, ...] | None,
    tells_regions: bool,
    config: PlateConfig,
) -> str | None:
    """What is wrong with the shapes that a run put out, if anything is.

    `regions` None: that output was not asked for. The first axis is the batch.
    """
    slots, signs = config.max_plate_slots, len(config.alphabet)
    if plates[1:] not in ((slots, signs), (slots * signs,)):
        return (
            f"the network puts out {_counted(plates)} values for each plate, the config has "
            f"{slots} slots of {signs} characters"
        )
    named = len(config.plate_regions or ())
    if named and not tells_regions:
        return f"the network tells no regions apart, the config has {named}"
    if tells_regions and not named:
        return "the network tells regions apart, the config names none (plate_regions)"
    if regions is not None and regions[1:] != (named,):
        return f"the network knows {_counted(regions)} regions, the config has {named}"
    return None


def fixed_sides(shape: Sequence[object]) -> list[int | None]:
    """Sides of an input; None where a side may have any length."""
    return [side if isinstance(side, int) and side > 0 else None for side in shape]


def _counted(shape: tuple[int, ...]) -> str:
    return " x ".join(str(side) for side in shape[1:])
