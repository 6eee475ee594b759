"""Weights in half precision: stored so, computed in single."""

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from lpr_engine.training.half_storage import halve_weights


def test_halved_weights_compute_in_single_precision() -> None:
    rng = np.random.default_rng(1)
    weights = rng.normal(size=(16, 16)).astype(np.float32)
    small = np.ones(16, np.float32) / 3
    graph = helper.make_graph(
        [
            helper.make_node("MatMul", ["x", "w"], ["m"]),
            helper.make_node("Add", ["m", "b"], ["y"]),
        ],
        "g",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 16])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 16])],
        [numpy_helper.from_array(weights, "w"), numpy_helper.from_array(small, "b")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    halve_weights(model)
    onnx.checker.check_model(model)
    assert [tensor.data_type for tensor in model.graph.initializer] == [
        TensorProto.FLOAT16,
        TensorProto.FLOAT,
    ]
    x = rng.normal(size=(1, 16)).astype(np.float32)
    session = onnxruntime.InferenceSession(model.SerializeToString())
    (y,) = session.run(None, {"x": x})
    assert y == pytest.approx(x @ weights.astype(np.float16).astype(np.float32) + small, abs=1e-5)
