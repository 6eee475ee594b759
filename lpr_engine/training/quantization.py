"""Eight-bit copies of trained networks: a smaller file, and less time on processors."""

from __future__ import annotations

import contextlib
import io
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

import onnx
import onnxslim
from google.protobuf.message import DecodeError  # type: ignore[import-untyped, unused-ignore]
from numpy.typing import NDArray
from onnxruntime.quantization import (
    CalibrationDataReader,
    CalibrationMethod,
    QuantFormat,
    QuantType,
    quantize_static,
)
from onnxruntime.quantization.quant_utils import add_pre_process_metadata

from lpr_engine.model.errors import LprError
from lpr_engine.training.half_storage import halve_weights
from lpr_engine.vision.runtime import RUNTIME_ERRORS


class QuantizationError(LprError):
    """A network cannot be stored in eight bits, or reads too badly once it is."""

    code = "quantization_failed"


class Calibration(Enum):
    """How the range of a layer's values is taken from what it puts out on sample pictures."""

    MINMAX = CalibrationMethod.MinMax
    PERCENTILE = CalibrationMethod.Percentile
    ENTROPY = CalibrationMethod.Entropy


@dataclass(frozen=True, slots=True)
class Recipe:
    """Which parts of a network are stored in eight bits, and how.

    `float_nodes` are beginnings of the names of nodes that stay in single precision; products of
    two computed values (attention) always do.
    """

    calibration: Calibration = Calibration.MINMAX
    percentile: float = 99.99
    operators: tuple[str, ...] = ("Conv", "MatMul", "Gemm")
    keeps_first: bool = True
    """The first convolution sees raw pixels and costs little: it stays in single precision."""
    only: tuple[str, ...] = ("",)
    """Beginnings of the names of nodes that may be stored in eight bits; all by default."""
    float_nodes: tuple[str, ...] = ()
    reduced_range: bool = True
    """Seven bits for each weight: with eight, sums overflow on x86 processors without VNNI."""
    symmetric: bool = False
    """Signed activations without an offset, as TensorRT wants them; slower on processors."""


def quantize(
    weights: Path, out: Path, pictures: NDArray[Any], recipe: Recipe | None = None
) -> None:
    """Write a copy with 8-bit weights and activations (QDQ, weights scaled channel by channel).

    What stays in single precision is stored in half.

    `pictures` are what the network sees in use, in its own layout, first axis the batch: the
    ranges of its layers are measured on them. Metadata of the file is kept.

    Raises:
        QuantizationError: the file is no network, has nothing to store in eight bits, or
            does not take these pictures.
    """
    chosen = recipe or Recipe()
    with tempfile.TemporaryDirectory() as folder:
        slim, fresh = Path(folder) / "slim.onnx", Path(folder) / "fresh.onnx"
        model = _slimmed(weights)
        excluded = _float_nodes(model, chosen)
        if not _candidates(model, chosen).difference(excluded):
            raise QuantizationError(f"{weights}: no node of it can be stored in eight bits")
        onnx.save(model, slim)
        try:
            _quantize(slim, fresh, _Samples(model.graph.input[0].name, pictures), chosen, excluded)
        except RUNTIME_ERRORS as err:
            raise QuantizationError(f"{weights}: cannot be calibrated: {err}") from err
        _finish(fresh)
        out.parent.mkdir(parents=True, exist_ok=True)
        partial = out.with_suffix(".partial")
        partial.write_bytes(fresh.read_bytes())
        partial.replace(out)


class _Samples(CalibrationDataReader):  # type: ignore[misc, unused-ignore]  # untyped library
    """Pictures one by one: calibration by histograms takes no batches of different sizes."""

    def __init__(self, name: str, pictures: NDArray[Any]) -> None:
        self._batches: Iterator[dict[str, NDArray[Any]]] = iter(
            [{name: pictures[at : at + 1]} for at in range(len(pictures))]
        )

    def get_next(self) -> dict[str, NDArray[Any]] | None:
        return next(self._batches, None)


def _slimmed(weights: Path) -> onnx.ModelProto:
    try:
        model = onnx.load(weights)
        onnx.checker.check_model(model)
    except (OSError, DecodeError, onnx.checker.ValidationError) as err:
        raise QuantizationError(f"{weights}: is no usable ONNX file: {err}") from err
    model = onnxslim.slim(model)
    for number, node in enumerate(model.graph.node):
        node.name = node.name or f"{node.op_type}_{number}"
    add_pre_process_metadata(model)
    return model


def _candidates(model: onnx.ModelProto, recipe: Recipe) -> set[str]:
    return {node.name for node in model.graph.node if node.op_type in recipe.operators}


def _float_nodes(model: onnx.ModelProto, recipe: Recipe) -> list[str]:
    nodes: Sequence[onnx.NodeProto] = model.graph.node
    stored = {tensor.name for tensor in model.graph.initializer}
    named = [
        node.name
        for node in nodes
        if not node.name.startswith(recipe.only) or node.name.startswith(recipe.float_nodes)
    ]
    computed = [
        node.name
        for node in nodes
        if node.op_type == "MatMul" and not stored.intersection(node.input[1:])
    ]
    convolutions = [node.name for node in nodes if node.op_type == "Conv"]
    return [*named, *computed, *convolutions[: int(recipe.keeps_first)]]


def _quantize(
    slim: Path, fresh: Path, samples: _Samples, recipe: Recipe, excluded: Sequence[str]
) -> None:
    # The library prints how far it is.
    with contextlib.redirect_stdout(io.StringIO()):
        quantize_static(
            str(slim),
            str(fresh),
            samples,
            quant_format=QuantFormat.QDQ,
            op_types_to_quantize=list(recipe.operators),
            nodes_to_exclude=list(excluded),
            per_channel=True,
            reduce_range=recipe.reduced_range,
            activation_type=QuantType.QInt8 if recipe.symmetric else QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            calibrate_method=recipe.calibration.value,
            extra_options={
                "ActivationSymmetric": recipe.symmetric,
                "CalibPercentile": recipe.percentile,
            },
        )


def _finish(path: Path) -> None:
    """Halve what stayed in single precision, leave only the network's own facts, and check it."""
    model = onnx.load(path)
    halve_weights(model)
    facts = {fact.key: fact.value for fact in model.metadata_props if not _is_mark(fact.key)}
    del model.metadata_props[:]
    onnx.helper.set_model_props(model, {**facts, "quantization": "int8"})
    del model.graph.value_info[:]
    onnx.checker.check_model(model)
    onnx.save(model, path)


def _is_mark(key: str) -> bool:
    return key.startswith(("onnx.quant", "onnx.infer"))
