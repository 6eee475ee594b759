"""The detector's network: ultralytics' YOLOv5n made lighter, one class, offline."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import save_file

from lpr_engine.model.pixels import Pixels
from lpr_engine.training.detection.batches import Batch, as_input

# Read once, when ultralytics is imported: no network, no banner, no settings in the home folder.
os.environ.setdefault("YOLO_OFFLINE", "true")
os.environ.setdefault("YOLO_VERBOSE", "false")
os.environ.setdefault("YOLO_CONFIG_DIR", str(Path(tempfile.gettempdir()) / "lpr-ultralytics"))

from ultralytics.cfg import get_cfg
from ultralytics.nn.tasks import DetectionModel

from lpr_engine.training.detection.architecture import lighten

ARCHITECTURE = "yolov5n.yaml"
CLASS_NAME = "license_plate"
LOSS_NAMES = ("box", "class", "edge")


def build_network() -> Any:
    """Return the untrained network (an ultralytics `DetectionModel`) with its loss settings."""
    network = DetectionModel(ARCHITECTURE, nc=1, verbose=False)
    lighten(network)
    network.args = get_cfg()
    network.names = {0: CLASS_NAME}
    return network.to(memory_format=torch.channels_last)


def save_weights(network: Any, path: Path) -> None:
    """Write the tensors in half precision as safetensors, for another training to start from."""
    tensors = {
        name: (value.half() if value.is_floating_point() else value).contiguous()
        for name, value in network.state_dict().items()
    }
    save_file(tensors, path)


def training_loss(
    network: Any, batch: Batch, *, half_arithmetic: bool
) -> tuple[torch.Tensor, dict[str, float]]:
    """Return the batch's loss, and its parts by `LOSS_NAMES`.

    The network runs in bfloat16 when asked to; the loss is always taken in float32, because
    bfloat16 has too few digits for the edges of boxes.
    """
    pictures = inputs_of(batch)
    with torch.autocast("cpu", torch.bfloat16, enabled=half_arithmetic):
        predicted = network(pictures)
    target = {
        "img": pictures,
        "batch_idx": torch.from_numpy(batch.owners),
        "cls": torch.zeros(len(batch.owners), 1),
        "bboxes": torch.from_numpy(batch.boxes),
    }
    loss, parts = network.loss(target, _in_float32(predicted))
    values = parts.values() if isinstance(parts, dict) else parts
    named = zip(LOSS_NAMES, values, strict=True)
    return loss.sum(), {name: float(value) for name, value in named}


def run_network(
    network: Any, pictures: list[Pixels], *, half_arithmetic: bool
) -> NDArray[np.float32]:
    """Return the raw output, shape (B, 5, N), for equally sized pictures."""
    inputs = _on_channels_last(as_input(pictures))
    arithmetic = torch.autocast("cpu", torch.bfloat16, enabled=half_arithmetic)
    with torch.inference_mode(), arithmetic:
        output = network(inputs)[0]
    return np.asarray(output.float().numpy(), np.float32)


def inputs_of(batch: Batch) -> torch.Tensor:
    """Return the batch's pictures as the network takes them."""
    return _on_channels_last(batch.pictures)


def _on_channels_last(pictures: NDArray[np.float32]) -> torch.Tensor:
    return torch.from_numpy(pictures).contiguous(memory_format=torch.channels_last)


def _in_float32(value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        return value.float()
    if isinstance(value, dict):
        return {key: _in_float32(part) for key, part in value.items()}
    return [_in_float32(part) for part in value]
