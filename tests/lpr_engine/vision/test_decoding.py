"""Output layouts told apart and decoded; whatever is not finite never becomes a box."""

import numpy as np
import pytest

from lpr_engine.model.errors import ModelError
from lpr_engine.vision.decoding import OutputLayout, decode, layout_of, plate_classes


@pytest.mark.parametrize(
    ("shape", "layout"),
    [
        ((1, 5, 8400), OutputLayout.ANCHOR_FREE),
        ((4, 6, 21), OutputLayout.ANCHOR_FREE),
        ((1, 84, 8400), OutputLayout.ANCHOR_FREE),
        ((1, 300, 6), OutputLayout.END_TO_END),
        ((2, 1, 6), OutputLayout.END_TO_END),
        ((0, 7), OutputLayout.END_TO_END_FLAT),
        ((9, 7), OutputLayout.END_TO_END_FLAT),
    ],
)
def test_layout_is_told_by_the_shape(shape: tuple[int, ...], layout: OutputLayout) -> None:
    assert layout_of(shape) is layout


@pytest.mark.parametrize("shape", [(1,), (1, 4, 8400), (1, 8400, 5), (3, 9), (1, 1, 5, 9)])
def test_other_shapes_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ModelError, match="none of a plate detector's"):
        layout_of(shape)


def test_anchor_free_takes_the_best_class() -> None:
    output = np.zeros((1, 6, 21), np.float32)
    output[0, :, 3] = [50, 40, 20, 10, 0.3, 0.9]

    (boxes,) = decode(output, OutputLayout.ANCHOR_FREE, 1, 0.5)

    assert boxes == pytest.approx(np.array([[40, 35, 60, 45, 0.9]]))


@pytest.mark.parametrize("layout", list(OutputLayout))
def test_only_plates_count_where_classes_are_named(layout: OutputLayout) -> None:
    output = {
        OutputLayout.ANCHOR_FREE: np.tile(
            np.array([[10], [10], [4], [4], [0.9], [0.6]], np.float32), (1, 1, 21)
        ),
        OutputLayout.END_TO_END: np.array(
            [[[8, 8, 12, 12, 0.9, 0], [8, 8, 12, 12, 0.6, 1]]], np.float32
        ),
        OutputLayout.END_TO_END_FLAT: np.array(
            [[0, 8, 8, 12, 12, 0, 0.9], [0, 8, 8, 12, 12, 1, 0.6]], np.float32
        ),
    }[layout]

    (boxes,) = decode(output, layout, 1, 0.5, frozenset({1}))

    assert len(boxes)
    assert boxes[:, 4] == pytest.approx(0.6)


def test_flat_rows_go_to_their_pictures() -> None:
    output = np.array([[1, 0, 0, 5, 5, 0, 0.9], [0, 1, 1, 6, 6, 0, 0.8]], np.float32)

    first, second, third = decode(output, OutputLayout.END_TO_END_FLAT, 3, 0.5)

    assert first[0, 4] == pytest.approx(0.8)
    assert second[0, 4] == pytest.approx(0.9)
    assert third.shape == (0, 5)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("column", range(5))
def test_rows_that_are_not_finite_are_dropped(bad: float, column: int) -> None:
    output = np.zeros((1, 5, 21), np.float32)
    output[0, :, 0] = [50, 40, 20, 10, 0.9]
    output[0, :, 1] = [50, 40, 20, 10, 0.8]
    output[0, column, 0] = bad

    (boxes,) = decode(output, OutputLayout.ANCHOR_FREE, 1, 0.5)

    assert boxes[:, 4] == pytest.approx([0.8])


def test_half_precision_output_is_read() -> None:
    output = np.array([[[1, 2, 3, 4, 0.5, 0]]], np.float16)

    (boxes,) = decode(output, OutputLayout.END_TO_END, 1, 0.5)

    assert boxes.dtype == np.float32
    assert boxes.tolist() == [[1, 2, 3, 4, 0.5]]


@pytest.mark.parametrize(
    ("names", "plates"),
    [
        ({}, None),
        ({0: "anything"}, None),
        ({0: "car", 1: "License_Plate", 3: "plate"}, frozenset({1, 3})),
    ],
)
def test_plate_classes_by_name(names: dict[int, str], plates: frozenset[int] | None) -> None:
    assert plate_classes(names) == plates
