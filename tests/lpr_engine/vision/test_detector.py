"""The detector on networks that see a white rectangle: geometry, batches, thresholds, refusals."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from lpr_engine.model.errors import ModelError
from lpr_engine.model.geometry import Box
from lpr_engine.model.pixels import Pixels
from lpr_engine.vision.detector import OnnxDetector
from lpr_engine.vision.runtime import Runtime

Draw = Callable[..., Pixels]
Spotter = Callable[..., Path]


def assert_close(box: Box, expected: tuple[int, int, int, int], tolerance_px: float) -> None:
    assert box.as_tuple() == pytest.approx(expected, abs=tolerance_px)


@pytest.mark.parametrize("layout", ["anchor_free", "end_to_end", "flat"])
@pytest.mark.parametrize(
    ("size", "box"),
    [
        ((640, 480), (200, 100, 300, 140)),
        ((1920, 1080), (1500, 900, 1700, 960)),
        ((1080, 1920), (30, 1700, 200, 1760)),
        ((320, 200), (100, 50, 180, 80)),
        ((3000, 300), (2500, 100, 2900, 200)),
    ],
)
@pytest.mark.parametrize("shape", [("n", 3, "h", "w"), (1, 3, 320, 320), (1, 3, 192, 384)])
def test_boxes_are_in_pixels_of_the_picture(
    layout: str,
    size: tuple[int, int],
    box: tuple[int, int, int, int],
    shape: tuple[int | str, ...],
    spotter: Spotter,
    picture_with_plate: Draw,
    runtime: Runtime,
) -> None:
    if layout == "flat" and shape[0] == "n":
        shape = (1, *shape[1:])
    detector = OnnxDetector(spotter(layout, shape), runtime, input_size=320)

    (found,) = detector.detect([picture_with_plate(*size, box)])

    assert len(found) == 1
    assert found[0].confidence == pytest.approx(0.8)
    input_pixel = max(size[0] / min(320, detector.input_size), size[1] / 192)
    assert_close(found[0].box, box, tolerance_px=1 + 1.5 * input_pixel)


def test_pictures_of_different_sizes_keep_their_places(
    spotter: Spotter, picture_with_plate: Draw, runtime: Runtime
) -> None:
    detector = OnnxDetector(spotter(), runtime, input_size=320)
    boxes = [(10 * n, 5 * n, 10 * n + 60, 5 * n + 20) for n in range(1, 20)]
    sizes = [(640, 480) if n % 2 else (400, 600) for n in range(1, 20)]
    pictures = [picture_with_plate(*size, box) for size, box in zip(sizes, boxes, strict=True)]
    pictures.insert(3, np.zeros((480, 640, 3), np.uint8))

    found = detector.detect(pictures)

    assert found[3] == []
    del found[3]
    for detections, box in zip(found, boxes, strict=True):
        assert_close(detections[0].box, box, tolerance_px=5)


def test_fixed_batch_is_filled_up(
    spotter: Spotter, picture_with_plate: Draw, runtime: Runtime
) -> None:
    detector = OnnxDetector(spotter("end_to_end", (2, 3, 64, 64)), runtime)
    pictures = [picture_with_plate(64, 64, (n, n, n + 20, n + 10)) for n in (5, 15, 25)]

    found = detector.detect(pictures)

    assert [one[0].box.as_tuple() for one in found] == [
        (5, 5, 25, 15),
        (15, 15, 35, 25),
        (25, 25, 45, 35),
    ]


def test_box_at_the_edge_stays_inside_the_picture(
    spotter: Spotter, picture_with_plate: Draw, runtime: Runtime
) -> None:
    detector = OnnxDetector(spotter(), runtime, input_size=320)

    ((found,),) = detector.detect([picture_with_plate(500, 300, (450, 270, 500, 300))])

    assert found.box.x1 == 500
    assert found.box.y1 == 300


def test_confidence_can_be_changed_between_calls(
    spotter: Spotter, picture_with_plate: Draw, runtime: Runtime
) -> None:
    detector = OnnxDetector(spotter(), runtime, confidence=0.81)
    picture = picture_with_plate(320, 240, (50, 50, 100, 80))

    assert detector.detect([picture]) == [[]]
    detector.confidence = 0.79
    assert len(detector.detect([picture])[0]) == 1


def test_input_size_can_be_changed_between_calls(
    spotter: Spotter, picture_with_plate: Draw, runtime: Runtime
) -> None:
    detector = OnnxDetector(spotter(), runtime, input_size=64)
    picture = picture_with_plate(640, 640, (320, 320, 323, 323))

    assert detector.detect([picture]) == [[]]
    detector.input_size = 640
    ((found,),) = detector.detect([picture])
    assert found.box.as_tuple() == (320, 320, 323, 323)


@pytest.mark.parametrize(
    "shape", [(1, 1), (1, 5000), (5000, 1), (3, 2), (31, 33), (4320, 7680)], ids=str
)
@pytest.mark.parametrize("value", [0, 114, 200])
def test_hostile_pictures_give_no_detection(
    shape: tuple[int, int], value: int, spotter: Spotter, runtime: Runtime
) -> None:
    detector = OnnxDetector(spotter(), runtime, input_size=320)

    assert detector.detect([np.full((*shape, 3), value, np.uint8)]) == [[]]


def test_picture_that_is_all_plate(spotter: Spotter, runtime: Runtime) -> None:
    detector = OnnxDetector(spotter(), runtime, input_size=64)

    ((found,),) = detector.detect([np.full((30, 90, 3), 255, np.uint8)])

    assert found.box.as_tuple() == (0, 0, 90, 30)


def test_no_pictures_no_detections(spotter: Spotter, runtime: Runtime) -> None:
    assert OnnxDetector(spotter(), runtime).detect([]) == []


def test_model_of_other_classes_is_refused(spotter: Spotter, runtime: Runtime) -> None:
    path = spotter(names="{0: 'person', 1: 'car'}")

    with pytest.raises(ModelError, match=r"none of the model's 2 classes is a plate"):
        OnnxDetector(path, runtime)


def test_model_that_names_more_classes_than_it_has_is_refused(
    spotter: Spotter, runtime: Runtime
) -> None:
    with pytest.raises(ModelError, match="more classes than it puts out"):
        OnnxDetector(spotter(names="{0: 'car', 1: 'license plate'}"), runtime)


def test_class_names_that_are_no_dict_are_passed_over(spotter: Spotter, runtime: Runtime) -> None:
    assert OnnxDetector(spotter(names="plates()"), runtime).detect([]) == []


def test_reader_is_no_detector(speller: Callable[..., tuple[Path, Path]], runtime: Runtime) -> None:
    weights, _ = speller()
    with pytest.raises(ModelError, match=rf"{weights}: input is tensor\(uint8\)"):
        OnnxDetector(weights, runtime)


def test_too_small_an_input_is_refused(spotter: Spotter, runtime: Runtime) -> None:
    with pytest.raises(ModelError, match="input size 16"):
        OnnxDetector(spotter(), runtime, input_size=16)


@pytest.mark.parametrize(
    ("content", "message"),
    [(None, "missing"), (b"", "empty"), (b"no protobuf", "cannot be run")],
)
def test_unusable_files_are_named(
    content: bytes | None, message: str, tmp_path: Path, runtime: Runtime
) -> None:
    path = tmp_path / "detector.onnx"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(ModelError, match=f"{path}: .*{message}"):
        OnnxDetector(path, runtime)


def test_truncated_model_is_refused(spotter: Spotter, runtime: Runtime) -> None:
    path = spotter()
    path.write_bytes(path.read_bytes()[:-200])

    with pytest.raises(ModelError, match="cannot be run"):
        OnnxDetector(path, runtime)
