"""The weights that a training starts from: a safetensors file, or an exported detector."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import onnx
import torch
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]  # has no types
from numpy.typing import NDArray
from onnx import numpy_helper
from safetensors import SafetensorError
from safetensors.torch import load_file

from lpr_engine.training.detection.architecture import STEM, halved
from lpr_engine.training.detection.batches import Batch
from lpr_engine.training.detection.errors import DetectorTrainingError
from lpr_engine.training.detection.network import ARCHITECTURE, inputs_of
from lpr_engine.training.half_storage import HALF_SUFFIX


def start_from(network: Any, path: Path, batches: Iterable[Batch]) -> None:
    """Give the network the weights of an exported detector (.onnx) or of a safetensors file.

    Raises:
        DetectorTrainingError: the file cannot be read, or holds another network.
    """
    if path.suffix == ".onnx":
        load_exported(network, path, batches)
    else:
        load_fitting(network, path)


def load_fitting(network: Any, path: Path) -> tuple[int, int]:
    """Take every tensor of a safetensors file that fits by name and shape.

    The stem of a usual YOLOv5n is made to fit. Returns how many fit, of how many.

    Raises:
        DetectorTrainingError: the file cannot be read, or nothing in it fits.
    """
    try:
        stored = load_file(path)
    except (OSError, SafetensorError) as err:
        raise DetectorTrainingError(f"{path}: not readable as safetensors: {err}") from err
    own = network.state_dict()
    resized = {name: halved(value) if name == STEM else value for name, value in stored.items()}
    fitting = {name: value.float() for name, value in resized.items() if _fits(own, name, value)}
    if not fitting:
        known = f"none of its {len(stored)} tensors fits {ARCHITECTURE}"
        raise DetectorTrainingError(f"{path}: {known}")
    network.load_state_dict(fitting, strict=False)
    return len(fitting), len(stored)


def load_exported(network: Any, path: Path, batches: Iterable[Batch]) -> None:
    """Take the weights of an exported detector, and part its normalisation from them again.

    An export folds each normalisation into the convolution before it. Here every normalisation
    gets the mean and variance that the batches show, and the gain and offset that undo them: the
    network answers as the exported one, and can be trained.

    Raises:
        DetectorTrainingError: the file cannot be read, or holds another network.
    """
    stored = _exported_tensors(path)
    pairs = {name: module for name, module in network.named_modules() if hasattr(module, "bn")}
    wanted = {f"{name}.conv.weight": f"{name}.conv.weight" for name in pairs}
    wanted |= {f"{name}.bn.bias": f"{name}.conv.bias" for name in pairs}
    folded = tuple(f"{name}.bn." for name in pairs)
    for name in network.state_dict():
        if not name.startswith(folded):
            wanted.setdefault(name, name)
    own = network.state_dict()
    for name, source in wanted.items():
        value = stored.get(source)
        if value is None or value.shape != own[name].shape:
            raise DetectorTrainingError(f"{path}: its {source} does not fit {ARCHITECTURE}")
        own[name].copy_(value)
    _part_normalisation([module.bn for module in pairs.values()], network, batches)


def _part_normalisation(norms: list[Any], network: Any, batches: Iterable[Batch]) -> None:
    sums: dict[Any, NDArray[Any]] = {}
    for norm in norms:
        norm.running_mean.zero_()
        norm.running_var.fill_(1 - norm.eps)
        norm.weight.data.fill_(1)
    hooks = [norm.register_forward_pre_hook(partial(_add_moments, sums)) for norm in norms]
    network.eval()
    with torch.inference_mode():
        for batch in batches:
            network(inputs_of(batch))
    for hook in hooks:
        hook.remove()
    for norm in norms:
        count, total, squares = sums[norm]
        mean = torch.as_tensor(total / count, dtype=torch.float32)
        spread = torch.as_tensor(squares / count, dtype=torch.float32) - mean**2
        norm.running_mean.copy_(mean)
        norm.running_var.copy_(spread.clamp(min=0))
        norm.weight.data.copy_((norm.running_var + norm.eps).sqrt())
        norm.bias.data.add_(mean)


def _add_moments(sums: dict[Any, Any], norm: Any, inputs: tuple[torch.Tensor, ...]) -> None:
    values = inputs[0].double()
    pixels = values.shape[0] * values.shape[2] * values.shape[3]
    count, total, squares = sums.get(norm, (0, 0, 0))
    axes = (0, 2, 3)
    sums[norm] = (count + pixels, total + values.sum(axes), squares + (values**2).sum(axes))


def _exported_tensors(path: Path) -> dict[str, torch.Tensor]:
    try:
        graph = onnx.load(path).graph
    except (OSError, DecodeError) as err:
        raise DetectorTrainingError(f"{path}: not readable as an exported detector: {err}") from err
    return {
        tensor.name.removesuffix(HALF_SUFFIX): torch.from_numpy(
            numpy_helper.to_array(tensor).copy()
        ).float()
        for tensor in graph.initializer
    }


def _fits(own: Mapping[str, torch.Tensor], name: str, value: torch.Tensor) -> bool:
    return name in own and own[name].shape == value.shape
