import numpy as np
import pytest

from lpr_engine.training.synthetic.camera.pose import Pose, composed, placed
from lpr_engine.training.synthetic.camera.severity import Severity

SIZE = (48, 160)
_CORNERS = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)


def _poses(count=600, aspect=4.6, hard=None):
    return [
        placed(aspect, SIZE, hard or Severity(), np.random.default_rng(n)) for n in range(count)
    ]


def _flat(bow=0.0):
    return Pose(np.diag([150.0, 40.0, 1.0]), bow, 0.0, 40.0, 40.0, 4.0)


@pytest.mark.parametrize("aspect", [1.4, 2.0, 4.6])
def test_the_box_holds_the_plate(aspect):
    for pose in _poses(200, aspect):
        seen = pose.at(_CORNERS)
        assert seen.min() > -12
        assert (seen.max(0) < [SIZE[1] + 12, SIZE[0] + 12]).all()


def test_plates_that_slant_far_are_frequent_and_slant_both_ways():
    """The slope as the camera saw it, before the box was stretched to the crop's size."""
    ends = [p.at(np.array([[0, 0.5], [1, 0.5]], np.float32)) for p in _poses()]
    stretch = [SIZE[1] / SIZE[0] / p.box_aspect for p in _poses()]
    degrees = np.array(
        [
            np.degrees(np.arctan2((b[1] - a[1]) * s, b[0] - a[0]))
            for (a, b), s in zip(ends, stretch, strict=True)
        ]
    )
    assert 0.2 < (np.abs(degrees) > 8).mean() < 0.5
    assert (degrees > 8).sum() > 40
    assert (degrees < -8).sum() > 40


def test_some_slanting_plates_keep_their_short_edges_upright_and_some_do_not():
    leans = []
    for pose in _poses():
        a, b, _, d = pose.at(_CORNERS)
        if abs(b[1] - a[1]) > 12:
            leans.append(abs(d[0] - a[0]) / abs(d[1] - a[1]))
    leans = np.array(leans)
    assert (leans < 0.15).mean() > 0.2
    assert (leans > 0.3).mean() > 0.1


def test_the_middle_of_a_bent_plate_hangs():
    flat, bent = _flat(), _flat(0.1)
    places = np.array([[0, 0.5], [0.5, 0.5], [1, 0.5]], np.float32)
    assert bent.at(places)[:, 1] - flat.at(places)[:, 1] == pytest.approx([0, 4, 0], abs=1e-3)


def test_a_bent_plate_is_drawn_where_its_places_are():
    image = np.zeros((64, 256, 3), np.uint8)
    image[:, 124:132] = 255
    image[:28], image[36:] = 0, 0
    pose = _flat(0.12)
    out = composed(image, pose, np.zeros((*SIZE, 3), np.uint8), SIZE).mean(2)
    rows, columns = np.indices(SIZE)
    found = np.array([(columns * out).sum(), (rows * out).sum()]) / out.sum() + 0.5
    assert found == pytest.approx(pose.at(np.array([[0.5, 0.5]], np.float32))[0], abs=1)


def test_the_scene_stays_beside_the_plate():
    scene = np.full((*SIZE, 3), 77, np.uint8)
    out = composed(np.full((64, 256, 3), 200, np.uint8), _flat(), scene, SIZE)
    assert (out[10, 100] == 200).all()
    assert (out[45, 158] == 77).all()


def test_a_grown_outline_lies_around_the_plate():
    inner, outer = _flat().outline(), _flat().outline((0.1, 0.1, 0.1, 0.2))
    assert (outer.min(0) < inner.min(0)).all()
    assert (outer.max(0) - inner.max(0)).tolist() == [15, 8]
