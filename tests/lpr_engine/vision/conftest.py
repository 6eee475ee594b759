"""Small ONNX networks that really look at pixels, so that geometry and colours can be checked."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from lpr_engine.model.pixels import Pixels
from lpr_engine.vision.runtime import Runtime

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_"

_BOX = """
    bright = Greater(images, threshold)
    mask = Cast<to=1>(bright)
    columns = ReduceMax<axes=[1, 2], keepdims=0>(mask)
    rows = ReduceMax<axes=[1, 3], keepdims=0>(mask)
    left = ArgMax<axis=1, keepdims=1>(columns)
    last_column = ArgMax<axis=1, keepdims=1, select_last_index=1>(columns)
    top = ArgMax<axis=1, keepdims=1>(rows)
    last_row = ArgMax<axis=1, keepdims=1, select_last_index=1>(rows)
    x0 = Cast<to=1>(left)
    y0 = Cast<to=1>(top)
    x1_last = Cast<to=1>(last_column)
    y1_last = Cast<to=1>(last_row)
    x1 = Add(x1_last, one)
    y1 = Add(y1_last, one)
    seen = ReduceMax<axes=[1], keepdims=1>(columns)
    score = Mul(seen, certainty)
"""
_TAILS = {
    "anchor_free": """
    xs = Add(x0, x1)
    ys = Add(y0, y1)
    cx = Mul(xs, half)
    cy = Mul(ys, half)
    w = Sub(x1, x0)
    h = Sub(y1, y0)
    flat = Concat<axis=1>(cx, cy, w, h, score)
    each = Unsqueeze(flat, two_axis)
    output0 = Expand(each, boxes)
""",
    "end_to_end": """
    class = Mul(score, zero)
    flat = Concat<axis=1>(x0, y0, x1, y1, score, class)
    output0 = Unsqueeze(flat, one_axis)
""",
    "flat": """
    class = Mul(score, zero)
    picture = Mul(score, zero)
    output0 = Concat<axis=1>(picture, x0, y0, x1, y1, class, score)
""",
}
_CONSTANTS = {
    "threshold": np.float32(0.9),
    "one": np.float32(1),
    "half": np.float32(0.5),
    "zero": np.float32(0),
    "certainty": np.float32(0.8),
    "two_axis": np.array([2]),
    "one_axis": np.array([1]),
    "boxes": np.array([1, 5, 21]),
}


@pytest.fixture
def runtime() -> Runtime:
    return Runtime("cpu", threads=1)


@pytest.fixture
def spotter(tmp_path: Path) -> Callable[..., Path]:
    """Writes a detector that finds the one rectangle of white in each picture."""

    def write(
        layout: str = "anchor_free",
        shape: Sequence[int | str] = ("n", 3, "h", "w"),
        names: str = "{0: 'license_plate'}",
    ) -> Path:
        sides = ", ".join(str(side) for side in shape)
        graph = f"spotter (float[{sides}] images) => (float[] output0) {{{_BOX}{_TAILS[layout]}}}"
        return _write(graph, tmp_path / f"{layout}.onnx", names)

    return write


def _write(graph_text: str, path: Path, names: str) -> Path:
    graph = onnx.parser.parse_graph(graph_text)
    graph.initializer.extend(
        numpy_helper.from_array(np.asarray(value), name)
        for name, value in _CONSTANTS.items()
        if name in graph_text
    )
    graph.output[0].type.tensor_type.ClearField("shape")
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    helper.set_model_props(model, {"names": names})
    onnx.save(model, path)
    return path


@pytest.fixture
def speller(tmp_path: Path) -> Callable[..., tuple[Path, Path]]:
    """Writes a reader whose slots spell the mean of red, green and blue, 0..255, and its config."""

    def write(
        slots: int = 3,
        input_type: int = TensorProto.UINT8,
        batch: int | str = "n",
        peak: float = 0.64,
        config: str = "",
        regions: int = 0,
    ) -> tuple[Path, Path]:
        rest = (1 - peak) / (len(ALPHABET) - 1)
        constants = {
            "share": np.float32(len(ALPHABET) / 256),
            "depth": np.array(len(ALPHABET)),
            "values": np.array([rest, peak], np.float32),
        }
        nodes = [
            helper.make_node("Cast", ["input"], ["numbers"], to=TensorProto.FLOAT),
            helper.make_node("ReduceMean", ["numbers"], ["means"], axes=[1, 2], keepdims=0),
            helper.make_node("Mul", ["means", "share"], ["scaled"]),
            helper.make_node("Cast", ["scaled"], ["index"], to=TensorProto.INT64),
            helper.make_node("OneHot", ["index", "depth", "values"], ["plate"], axis=2),
        ]
        outputs = [helper.make_tensor_value_info("plate", TensorProto.FLOAT, None)]
        if regions:
            nodes.append(helper.make_node("Softmax", ["scaled"], ["region"], axis=1))
            outputs.append(helper.make_tensor_value_info("region", TensorProto.FLOAT, None))
        graph = helper.make_graph(
            nodes,
            "speller",
            [helper.make_tensor_value_info("input", input_type, [batch, 16, 32, 3])],
            outputs,
            [numpy_helper.from_array(np.asarray(v), name) for name, v in constants.items()],
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
        weights, plate_config = tmp_path / "speller.onnx", tmp_path / "speller.yaml"
        onnx.save(model, weights)
        plate_config.write_text(
            f"max_plate_slots: {slots}\nalphabet: '{ALPHABET}'\npad_char: '_'\n"
            f"img_height: 16\nimg_width: 32\nimage_color_mode: rgb\n{config}",
            encoding="utf-8",
        )
        return weights, plate_config

    return write


@pytest.fixture
def picture_with_plate() -> Callable[..., Pixels]:
    """Draws one white rectangle (x0, y0, x1, y1) on black."""

    def draw(width: int, height: int, box_xyxy: tuple[int, int, int, int]) -> Pixels:
        x0, y0, x1, y1 = box_xyxy
        picture = np.zeros((height, width, 3), np.uint8)
        picture[y0:y1, x0:x1] = 255
        return picture

    return draw
