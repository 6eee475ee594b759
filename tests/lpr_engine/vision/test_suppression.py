"""Of boxes that overlap much only the best stays."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from lpr_engine.model.geometry import Box
from lpr_engine.vision.suppression import suppress


def box_arrays() -> st.SearchStrategy[np.ndarray]:
    return arrays.arrays(
        np.float32, st.tuples(st.integers(0, 12), st.just(4)), elements=st.integers(0, 20)
    )


@given(box_arrays(), st.randoms(), st.sampled_from([0.3, 0.5, 0.7]))
def test_kept_boxes_hardly_overlap_and_dropped_ones_have_a_reason(
    boxes: np.ndarray, random: object, max_iou: float
) -> None:
    scores = np.array([random.random() for _ in boxes], np.float32)  # type: ignore[attr-defined]
    kept = suppress(boxes, scores, max_iou).tolist()
    shapes = [Box(*(float(edge) for edge in row)) for row in boxes]

    assert scores[kept].tolist() == sorted(scores[kept].tolist(), reverse=True)
    for position, index in enumerate(kept):
        assert shapes[index].area > 0
        assert all(shapes[index].iou(shapes[other]) <= max_iou for other in kept[:position])
    for index in set(range(len(boxes))) - set(kept):
        assert shapes[index].area == 0 or any(
            shapes[index].iou(shapes[other]) > max_iou and scores[other] >= scores[index]
            for other in kept
        )


def test_no_boxes() -> None:
    assert suppress(np.zeros((0, 4), np.float32), np.zeros(0, np.float32), 0.5).tolist() == []
