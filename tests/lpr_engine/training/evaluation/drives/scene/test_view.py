import numpy as np
import pytest

from lpr_engine.training.evaluation.drives.scene.view import View, looking_at


def test_the_target_is_in_the_middle():
    target = np.array([-1.5, 0.5, 12.0])
    view = looking_at(4.0, 3.0, 1500.0, target, roll=0.1)
    assert view.project(target[None])[0] == pytest.approx([640, 360], abs=1e-3)


def test_a_level_camera_sees_right_as_right_and_up_as_up():
    view = View(0.0, 1.5, 1000.0, yaw=0.0, pitch=0.0)
    (middle, right, up) = view.project(np.array([[0, 1.5, 10], [1, 1.5, 10], [0, 2.5, 10.0]]))
    assert middle == pytest.approx([640, 360])
    assert right == pytest.approx([740, 360])
    assert up == pytest.approx([640, 260])


def test_turning_right_moves_things_left_and_looking_down_moves_them_up():
    ahead = np.array([[0, 1.5, 10.0]])
    assert View(0, 1.5, 1000, yaw=0.1, pitch=0).project(ahead)[0][0] < 640
    assert View(0, 1.5, 1000, yaw=0, pitch=0.1).project(ahead)[0][1] < 360


def test_what_faces_a_camera_beside_the_road_is_seen_slanted():
    view = looking_at(5.0, 2.0, 1500.0, np.array([-1.5, 0.5, 8.0]))
    plate = np.array([[-1.8, 0.5, 8], [-1.2, 0.5, 8.0]])
    left, right = view.project(plate)
    assert left[0] < right[0]
    assert abs(right[1] - left[1]) > 5
