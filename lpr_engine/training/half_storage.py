"""Weights kept in half precision: half the file, and sums still in single precision."""

from __future__ import annotations

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

_LEAST_HALVED_VALUES = 64
HALF_SUFFIX = ".half"
"""Ends the names of weights that are stored in half precision."""


def halve_weights(model: onnx.ModelProto) -> None:
    """Store weights as float16 behind Cast nodes, which runtimes fold when they load the file.

    Vectors stay: they are small, and among them are the scales of weights in eight bits.
    """
    casts = []
    for weights in model.graph.initializer:
        small = len(weights.dims) < 2 or np.prod(weights.dims) < _LEAST_HALVED_VALUES
        if weights.data_type != TensorProto.FLOAT or small:
            continue
        name = weights.name
        halved = numpy_helper.to_array(weights).astype(np.float16)
        weights.CopyFrom(numpy_helper.from_array(halved, name + HALF_SUFFIX))
        casts.append(helper.make_node("Cast", [weights.name], [name], to=TensorProto.FLOAT))
    nodes = [*casts, *model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
