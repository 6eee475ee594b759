import numpy as np
import pytest

from lpr_engine.training.synthetic.camera import lens


def _spread_of(kernel):
    rows, columns = np.indices(kernel.shape) - kernel.shape[0] // 2
    return np.sqrt((kernel * rows**2).sum()), np.sqrt((kernel * columns**2).sum())


@pytest.mark.parametrize(
    "kernel",
    [
        lens.disk(0.6),
        lens.disk(3.0),
        lens.streak(1.5, 0.3),
        lens.streak(7.0, 2.0),
        lens.shake(2.5, np.random.default_rng(4)),
    ],
)
def test_kernels_keep_the_light(kernel):
    assert kernel.sum() == pytest.approx(1, abs=1e-5)
    assert kernel.min() >= 0
    assert kernel.shape[0] == kernel.shape[1]
    assert kernel.shape[0] % 2 == 1


def test_a_streak_smears_along_its_angle_only():
    down, across = _spread_of(lens.streak(7.0, 0.0))
    assert across > 1.5
    assert down < 0.1
    down, across = _spread_of(lens.streak(7.0, np.pi / 2))
    assert down > 1.5
    assert across < 0.1


def test_a_disk_is_round():
    down, across = _spread_of(lens.disk(2.5))
    assert down == pytest.approx(across, rel=1e-3)


def test_shaking_stays_within_its_radius():
    for seed in range(20):
        assert lens.shake(2.0, np.random.default_rng(seed)).shape[0] <= 5


def test_small_letters_are_blurred_less():
    image = np.zeros((48, 160, 3), np.uint8)
    image[:, ::8] = 255
    left = [
        np.mean(
            [
                lens.focused(image, letter_px, 0.0, np.random.default_rng(n), 1.0).std()
                for n in range(60)
            ]
        )
        for letter_px in (40.0, 8.0)
    ]
    assert left[0] < left[1] <= image.std()


def test_no_strength_no_blur():
    image = np.random.default_rng(1).integers(0, 255, (48, 160, 3), np.uint8)
    out = lens.focused(image, 40, 0.0, np.random.default_rng(1), 0.0)
    assert np.array_equal(out, image)
