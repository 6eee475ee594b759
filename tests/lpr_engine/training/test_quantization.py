"""Eight-bit copies answer nearly as the network does; what cannot be copied is refused."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("onnx")
pytest.importorskip("onnxslim")

import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from lpr_engine.training.quantization import Calibration, QuantizationError, Recipe, quantize

Writer = Callable[..., Path]
RNG = np.random.default_rng(4)
PICTURES = RNG.random((40, 3, 12, 16), np.float32)


@pytest.fixture
def network(tmp_path: Path) -> Path:
    """Two convolutions, a product of two computed values, and a head."""
    tensors = {
        "w1": RNG.normal(size=(8, 3, 3, 3)) / 3,
        "w2": RNG.normal(size=(16, 8, 3, 3)) / 6,
        "head_w": RNG.normal(size=(16, 5)) / 2,
    }
    nodes = [
        helper.make_node("Conv", ["x", "w1"], ["a"], name="eye/1", strides=[2, 2]),
        helper.make_node("Relu", ["a"], ["b"]),
        helper.make_node("Conv", ["b", "w2"], ["c"], name="eye/2"),
        helper.make_node("ReduceMean", ["c"], ["d"], axes=[2, 3], keepdims=0),
        helper.make_node("Unsqueeze", ["d", "last"], ["column"]),
        helper.make_node("Unsqueeze", ["d", "middle"], ["row"]),
        helper.make_node("MatMul", ["column", "row"], ["square"], name="attention"),
        helper.make_node("MatMul", ["square", "head_w"], ["rows"], name="head/1"),
        helper.make_node("ReduceSum", ["rows", "middle"], ["y"], keepdims=0),
    ]
    stored = [numpy_helper.from_array(v.astype(np.float32), k) for k, v in tensors.items()]
    stored += [numpy_helper.from_array(np.array([v]), k) for k, v in (("last", 2), ("middle", 1))]
    graph = helper.make_graph(
        nodes,
        "g",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 3, 12, 16])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", 5])],
        stored,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    helper.set_model_props(model, {"license": "mine"})
    path = tmp_path / "network.onnx"
    onnx.save(model, path)
    return path


def answers(path: Path) -> np.ndarray:
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    return np.asarray(session.run(None, {"x": PICTURES})[0])


def eight_bit_nodes(path: Path) -> set[str]:
    """Names of the nodes whose weights are stored in eight bits."""
    model = onnx.load(path)
    stored = {t.name for t in model.graph.initializer if t.data_type == TensorProto.INT8}
    widened = {n.output[0] for n in model.graph.node if stored.intersection(n.input[:1])}
    return {n.name for n in model.graph.node if widened.intersection(n.input)}


@pytest.mark.parametrize("calibration", list(Calibration))
@pytest.mark.parametrize("symmetric", [False, True])
def test_copy_answers_nearly_alike(
    calibration: Calibration, symmetric: bool, network: Path, tmp_path: Path
) -> None:
    out = tmp_path / "copies" / "int8.onnx"

    quantize(network, out, PICTURES, Recipe(calibration=calibration, symmetric=symmetric))

    wanted, got = answers(network), answers(out)
    assert np.abs(got - wanted).max() < 0.1 * np.abs(wanted).max()
    assert not np.array_equal(got, wanted)


def test_first_convolution_and_attention_stay_as_they_are(network: Path, tmp_path: Path) -> None:
    out = tmp_path / "int8.onnx"

    quantize(network, out, PICTURES)

    assert eight_bit_nodes(out) == {"eye/2", "head/1"}


def test_named_nodes_stay_as_they_are(network: Path, tmp_path: Path) -> None:
    out = tmp_path / "int8.onnx"

    quantize(network, out, PICTURES, Recipe(keeps_first=False, float_nodes=("head",)))

    assert eight_bit_nodes(out) == {"eye/1", "eye/2"}


def test_only_named_nodes_change_where_some_are_named(network: Path, tmp_path: Path) -> None:
    out = tmp_path / "int8.onnx"

    quantize(network, out, PICTURES, Recipe(keeps_first=False, only=("eye/",)))

    assert eight_bit_nodes(out) == {"eye/1", "eye/2"}


def test_what_stays_is_stored_in_half_and_scales_are_not(network: Path, tmp_path: Path) -> None:
    out = tmp_path / "int8.onnx"

    quantize(network, out, PICTURES, Recipe(only=("eye/2",)))

    stored = onnx.load(out).graph.initializer
    halved = {tuple(t.dims) for t in stored if t.data_type == TensorProto.FLOAT16}
    assert halved == {(8, 3, 3, 3), (16, 5)}
    assert any(t.name.endswith("_scale") and t.data_type == TensorProto.FLOAT for t in stored)


def test_weights_have_seven_bits_unless_all_eight_are_wanted(network: Path, tmp_path: Path) -> None:
    largest = {}
    for reduced in (True, False):
        out = tmp_path / f"{reduced}.onnx"
        quantize(network, out, PICTURES, Recipe(reduced_range=reduced))
        largest[reduced] = max(
            int(np.abs(numpy_helper.to_array(t).astype(int)).max())
            for t in onnx.load(out).graph.initializer
            if t.data_type == TensorProto.INT8 and len(t.dims) > 1
        )

    assert largest[True] <= 64 < largest[False] <= 128


def test_facts_of_the_file_are_kept(network: Path, tmp_path: Path) -> None:
    out = tmp_path / "int8.onnx"

    quantize(network, out, PICTURES)

    facts = {fact.key: fact.value for fact in onnx.load(out).metadata_props}
    assert facts == {"license": "mine", "quantization": "int8"}


def test_nothing_to_store_in_eight_bits_is_said(network: Path, tmp_path: Path) -> None:
    with pytest.raises(QuantizationError, match=f"{network}: no node"):
        quantize(network, tmp_path / "o.onnx", PICTURES, Recipe(float_nodes=("eye", "head")))


@pytest.mark.parametrize("content", [None, b"", b"no network at all", b"\x08\x08"])
def test_broken_files_are_refused(content: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "broken.onnx"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(QuantizationError, match=f"{path}: is no usable ONNX file"):
        quantize(path, tmp_path / "o.onnx", PICTURES)


def test_pictures_that_do_not_fit_are_refused_and_nothing_is_written(
    network: Path, tmp_path: Path
) -> None:
    out = tmp_path / "int8.onnx"

    with pytest.raises(QuantizationError, match=f"{network}: cannot be calibrated"):
        quantize(network, out, PICTURES[:, :2])

    assert not out.exists()
