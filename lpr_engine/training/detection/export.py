"""A trained network as the ONNX file that the engine runs."""

from __future__ import annotations

import copy
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import onnxslim
import torch
from numpy.typing import NDArray
from onnx import helper

from lpr_engine.training.detection.best_candidates import CANDIDATES, decode_best_only
from lpr_engine.training.detection.errors import DetectorTrainingError
from lpr_engine.training.detection.network import CLASS_NAME
from lpr_engine.training.detection.settings import STRIDE_PX
from lpr_engine.training.half_storage import halve_weights

_OPSET = 17
_TRACED_SHAPE = (1, 3, 384, 640)
_CHECKED_SHAPES = ((1, 3, 384, 640), (2, 3, 416, 416), (1, 3, 32, 64))
_MOST_DIFFERENCE = 1e-2
INPUT, OUTPUT = "images", "output0"


def export_network(network: Any, path: Path, facts: Mapping[str, str]) -> None:
    """Write the network with half-precision weights, once the file answers as the network does.

    Input: float32 RGB 0..1, shape (B, 3, H, W), sides multiples of 32. Output: float32 (B, 5, 300):
    centre x, centre y, width, height in input pixels, score; best first, and scores of 0 where a
    small picture has fewer candidates. `facts` become the file's metadata.

    Raises:
        DetectorTrainingError: the exported file's answers differ from the network's.
    """
    fused, traced = _fused(network), _fused(network)
    decode_best_only(traced.model[-1])
    fresh = path.with_suffix(".new.onnx")
    _trace(traced, fresh)
    model = onnxslim.slim(onnx.load(fresh))
    halve_weights(model)
    del model.graph.value_info[:]  # shapes that every runtime works out by itself
    helper.set_model_props(model, {**_format_facts(), **facts})
    onnx.checker.check_model(model)
    onnx.save(model, fresh)
    _check(fused, fresh)
    fresh.replace(path)


def _format_facts() -> dict[str, str]:
    return {
        "task": "detect",
        "stride": str(STRIDE_PX),
        "names": str({0: CLASS_NAME}),
        "license": "AGPL-3.0",
    }


def _fused(network: Any) -> Any:
    """Return a copy with normalisation folded into the weights and its head set to export."""
    fused = copy.deepcopy(network).float().eval()
    fused.fuse(verbose=False)
    head = fused.model[-1]
    head.export, head.dynamic, head.format = True, True, "onnx"
    return fused


def _trace(fused: Any, path: Path) -> None:
    axes = {INPUT: {0: "batch", 2: "height", 3: "width"}, OUTPUT: {0: "batch"}}
    with warnings.catch_warnings(), torch.inference_mode():
        warnings.simplefilter(
            "ignore"
        )  # tracing and the TorchScript exporter warn about themselves
        torch.onnx.export(
            fused,
            (torch.zeros(_TRACED_SHAPE),),
            path,
            opset_version=_OPSET,
            input_names=[INPUT],
            output_names=[OUTPUT],
            dynamic_axes=axes,
            dynamo=False,
        )


def _check(fused: Any, path: Path) -> None:
    """Compare the file's best candidates with all of the network's, on noise of several shapes."""
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    rng = np.random.default_rng(0)
    for shape in _CHECKED_SHAPES:
        pictures = rng.random(shape, np.float32)
        with torch.inference_mode():
            every = fused(torch.from_numpy(pictures)).numpy()
        best = np.asarray(session.run([OUTPUT], {INPUT: pictures})[0])
        # Edges relative to the picture; scores as they are.
        scale = np.array([shape[3], shape[2], shape[3], shape[2], 1], np.float32)[:, None]
        pairs = zip(best / scale, every / scale, strict=True)
        difference = max(_difference(few, many) for few, many in pairs)
        if difference > _MOST_DIFFERENCE:
            raise DetectorTrainingError(
                f"{path}: differs from the network by {difference:.4f} at input {shape}"
            )


def _difference(best: NDArray[np.float32], every: NDArray[np.float32]) -> float:
    """How far the best candidates, shape (5, 300), are from the nearest of all, and their scores.

    Candidates whose scores are nearly equal may change places.
    """
    count = min(CANDIDATES, every.shape[1])
    scores = np.sort(every[4])[::-1][:count]
    rows = best[:, :count]
    nearest = [float(np.abs(every - row[:, None]).max(axis=0).min()) for row in rows.T]
    rest = float(best[4, count:].max(initial=0.0))
    return max(*nearest, float(np.abs(rows[4] - scores).max()), rest)
