"""fast-alpr's default networks, rebuilt from their architectures, since its weights are online.

The weights are random, so nothing can be recognised with them, but every picture costs what it
costs with trained ones: the same layers on the same shapes. Normalisation is calibrated on real
pictures, since untrained layers would let activations fade into denormal numbers, which are slow.
"""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

# Read when ultralytics and Keras are imported: no network, no settings in the home folder.
os.environ.setdefault("YOLO_OFFLINE", "true")
os.environ.setdefault("YOLO_VERBOSE", "false")
os.environ.setdefault("YOLO_CONFIG_DIR", str(Path(tempfile.gettempdir()) / "lpr-ultralytics"))
os.environ.setdefault("KERAS_BACKEND", "torch")

import keras
import numpy as np
import onnx
import onnxslim
import torch
import yaml
from fast_plate_ocr.train.model.config import PlateConfig
from fast_plate_ocr.train.model.model_builders import build_model
from fast_plate_ocr.train.model.model_schema import CCTModelConfig
from onnx import TensorProto, helper, numpy_helper
from open_image_models.detection.core.yolo_v9.preprocess import preprocess
from ultralytics.nn.tasks import DetectionModel

OPSET = 17
SEED = 1

_NEVER = -20.0
_MOST_PLATES = 100
_MAX_IOU, _MIN_SCORE = 0.45, 0.25
_CORNERS_OF_CENTRE = np.array(
    [[1, 0, 1, 0], [0, 1, 0, 1], [-0.5, 0, 0.5, 0], [0, -0.5, 0, 0.5]], np.float32
)

# fast-plate-ocr's cct-xs-v2 in the terms of its own model configuration (MIT, ankandrew).
_CCT_XS_V2 = {
    "rescaling": {"scale": 1 / 255, "offset": 0.0},
    "tokenizer": {
        "blocks": [
            {"layer": "Conv2D", "filters": 32, "kernel_size": 3, "activation": "relu"},
            {"layer": "MaxBlurPooling2D", "pool_size": 2, "filter_size": 3},
            {"layer": "Conv2D", "filters": 48, "kernel_size": 3, "activation": "relu"},
            {"layer": "Conv2D", "filters": 64, "kernel_size": 3, "activation": "relu"},
            {"layer": "MaxBlurPooling2D", "pool_size": 2, "filter_size": 3},
            {"layer": "Conv2D", "filters": 80, "kernel_size": 3, "activation": "relu"},
            {"layer": "Conv2D", "filters": 96, "kernel_size": 3, "activation": "relu"},
        ],
        "patch_size": 2,
        "patch_mlp": {"layer": "MLP", "hidden_units": [96], "activation": "relu"},
    },
    "transformer_encoder": {
        "layers": 3,
        "heads": 2,
        "projection_dim": 96,
        "attention_layout": "split_projection",
        "units": [96, 96],
        "activation": "relu",
        "token_reducer_heads": 4,
        "token_reducer_use_query_residual": True,
        "token_reducer_use_output_norm": True,
        "post_token_reducer_layers": 3,
        "region_pre_seqpool_layers": 1,
        "normalization": "dyt",
    },
}
_PLATE_CONFIG = {
    "max_plate_slots": 10,
    "alphabet": "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_",
    "pad_char": "_",
    "img_height": 64,
    "img_width": 128,
    "image_color_mode": "rgb",
    "plate_regions": [f"region {number}" for number in range(66)],
}


def build_detector(folder: Path, size: int, pictures: Sequence[np.ndarray]) -> Path:
    """YOLOv9-t with one class, square input and suppression in the graph, as fast-alpr's are."""
    path = folder / f"yolo-v9-t-{size}.onnx"
    if path.exists():
        return path
    raw = folder / "raw.onnx"
    torch.manual_seed(SEED)
    network = DetectionModel("yolov9t.yaml", nc=1, verbose=False)
    _calibrate(network, [preprocess(picture, size)[0] for picture in pictures])
    head = network.model[-1]
    for scores in head.cv3:
        # Trained networks let a handful of boxes through; hundreds of random ones would cost time.
        torch.nn.init.constant_(scores[-1].bias, _NEVER)
    network.eval().fuse(verbose=False)
    head.export, head.format = True, "onnx"
    with warnings.catch_warnings(), torch.inference_mode():
        warnings.simplefilter("ignore")  # tracing warns about itself
        torch.onnx.export(
            network,
            (torch.zeros(1, 3, size, size),),
            raw,
            opset_version=OPSET,
            input_names=["images"],
            output_names=["raw"],
            dynamo=False,
        )
    onnx.save(_with_suppression(onnxslim.slim(onnx.load(raw))), path)
    return path


def build_reader(folder: Path) -> tuple[Path, Path]:
    """cct-xs-v2 and its plate config."""
    path, config_path = folder / "cct-xs-v2.onnx", folder / "cct-xs-v2-plates.yaml"
    if path.exists() and config_path.exists():
        return path, config_path
    config_path.write_text(yaml.safe_dump(_PLATE_CONFIG), encoding="utf-8")
    raw = folder / "raw.onnx"
    keras.utils.set_random_seed(SEED)
    network = build_model(
        CCTModelConfig(**_CCT_XS_V2), PlateConfig(**_PLATE_CONFIG), enable_region_head=True
    )
    shape = (1, _PLATE_CONFIG["img_height"], _PLATE_CONFIG["img_width"], 3)
    with warnings.catch_warnings(), patch.object(torch, "einsum", _einsum):
        warnings.simplefilter("ignore")  # tracing warns about itself
        network.export(
            raw,
            format="onnx",
            verbose=False,
            input_signature=[keras.InputSpec(name="input", shape=shape, dtype="uint8")],
        )
    onnx.save(_with_names(onnxslim.slim(onnx.load(raw))), path)
    return path, config_path


def _einsum(equation: str, left: torch.Tensor, right: torch.Tensor) -> torch.Tensor:
    """The four products of Keras' attention as plain matrix products, which run faster."""
    if equation == "abc,cde->abde":
        return (left @ right.reshape(right.shape[0], -1)).reshape(*left.shape[:2], *right.shape[1:])
    if equation == "abcd,cde->abe":
        return left.reshape(*left.shape[:2], -1) @ right.reshape(-1, right.shape[2])
    if equation == "aecd,abcd->acbe":
        return right.permute(0, 2, 1, 3) @ left.permute(0, 2, 3, 1)
    if equation == "acbe,aecd->abcd":
        return (left @ right.permute(0, 2, 1, 3)).permute(0, 2, 1, 3)
    raise ValueError(f"einsum {equation} is not known")


def _with_names(model: onnx.ModelProto) -> onnx.ModelProto:
    """Give the outputs the names by which fast-plate-ocr knows them."""
    new_names = {}
    for output in model.graph.output:
        is_region = len(output.type.tensor_type.shape.dim) == 2
        new_names[output.name] = "region" if is_region else "plate"
        output.name = new_names[output.name]
    for node in model.graph.node:
        for index, name in enumerate(node.output):
            node.output[index] = new_names.get(name, name)
    onnx.checker.check_model(model)
    return model


def _calibrate(network: Any, inputs: Sequence[np.ndarray]) -> None:
    """Let every normalisation layer learn the mean and spread that its input really has."""
    for layer in network.modules():
        if isinstance(layer, torch.nn.BatchNorm2d):
            layer.momentum = None  # the plain average of all batches
            layer.reset_running_stats()
    network.train()
    with torch.no_grad():
        for picture in inputs:
            network(torch.from_numpy(np.ascontiguousarray(picture)))


def _with_suppression(model: onnx.ModelProto) -> onnx.ModelProto:
    """Rows of [picture, x0, y0, x1, y1, class, score] instead of raw centres, sizes and scores."""
    constants = {
        "parts": np.array([4, 1], np.int64),
        "most": np.array([_MOST_PLATES], np.int64),
        "max_iou": np.array([_MAX_IOU], np.float32),
        "min_score": np.array([_MIN_SCORE], np.float32),
        "corners_of_centre": _CORNERS_OF_CENTRE,
        "of_picture": np.array([0], np.int64),
        "of_class": np.array([1], np.int64),
        "of_box": np.array([0, 2], np.int64),
        "last": np.array([1], np.int64),
    }
    node = helper.make_node
    graph = model.graph
    graph.initializer.extend(numpy_helper.from_array(one, name) for name, one in constants.items())
    graph.node.extend(
        [
            node("Split", ["raw", "parts"], ["centres", "scores"], axis=1),
            node("Transpose", ["centres"], ["boxes"], perm=[0, 2, 1]),
            node(
                "NonMaxSuppression",
                ["boxes", "scores", "most", "max_iou", "min_score"],
                ["kept"],
                center_point_box=1,
            ),
            node("Gather", ["kept", "of_box"], ["kept_boxes"], axis=1),
            node("GatherND", ["boxes", "kept_boxes"], ["best"]),
            node("MatMul", ["best", "corners_of_centre"], ["corners"]),
            node("GatherND", ["scores", "kept"], ["best_scores"]),
            node("Unsqueeze", ["best_scores", "last"], ["score"]),
            node("Gather", ["kept", "of_picture"], ["kept_pictures"], axis=1),
            node("Cast", ["kept_pictures"], ["picture"], to=TensorProto.FLOAT),
            node("Gather", ["kept", "of_class"], ["kept_classes"], axis=1),
            node("Cast", ["kept_classes"], ["class"], to=TensorProto.FLOAT),
            node("Concat", ["picture", "corners", "class", "score"], ["output"], axis=1),
        ]
    )
    del graph.output[:]
    graph.output.append(helper.make_tensor_value_info("output", TensorProto.FLOAT, ["plates", 7]))
    onnx.checker.check_model(model)
    return model
