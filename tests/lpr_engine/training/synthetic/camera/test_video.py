import numpy as np
import pytest

from lpr_engine.training.synthetic.camera import video


def _rng(seed=0):
    return np.random.default_rng(seed)


def _edges():
    image = np.full((48, 160, 3), 200, np.uint8)
    for start in range(4, 160, 12):
        image[8:40, start : start + 5] = (40, 20, 90)
    return image


def _loss(image):
    return float(np.abs(image.astype(float) - _edges()).mean())


@pytest.mark.parametrize("shape", [(48, 160, 3), (13, 60, 3)])
def test_packing_keeps_the_size(shape):
    image = _rng().integers(0, 255, shape, np.uint8)
    for seed in range(30):
        out = video.packed(image, 20, 100, _rng(seed), 1.0)
        assert out.shape == shape
        assert out.dtype == np.uint8


def test_low_quality_loses_more():
    assert _loss(video.jpeg(_edges(), 12, _rng())) > 2 * _loss(video.jpeg(_edges(), 90, _rng()))


def test_blocks_begin_anywhere():
    packed = {video.jpeg(_edges(), 20, _rng(seed)).tobytes() for seed in range(20)}
    assert len(packed) > 10


@pytest.mark.parametrize(("letter_px", "contrast"), [(13.0, 200.0), (45.0, 40.0)])
def test_few_pixels_and_little_contrast_are_packed_with_care(letter_px, contrast):
    def mean_loss(pixels, tones):
        return np.mean(
            [_loss(video.packed(_edges(), pixels, tones, _rng(n), 1.0)) for n in range(120)]
        )

    assert mean_loss(letter_px, contrast) < mean_loss(45.0, 200.0)


def test_sharpening_draws_seams():
    sharp = video.sharpened(_edges(), 1.0, 1.0)
    assert sharp.max() > 220
    assert sharp[..., 0].min() < 30
    flat = np.full((20, 20, 3), 90, np.uint8)
    assert np.array_equal(video.sharpened(flat, 1.0, 1.0), flat)


def test_coarse_colour_bleeds_and_brightness_stays():
    red = np.full((48, 160, 3), (128, 128, 128), np.uint8)
    red[:, 80:] = (190, 100, 100)
    out = video.coarse_colour(red, _rng(1)).astype(float)
    grey = out @ [0.299, 0.587, 0.114]
    assert np.abs(grey - red @ np.array([0.299, 0.587, 0.114])).max() < 4
    assert len(np.unique((out[..., 0] - out[..., 2])[10].round())) > 3


def test_zoom_comes_in_several_kinds():
    small = _edges()[::3, ::3]
    kinds = {video.enlarged(small, (48, 160), _rng(seed)).tobytes() for seed in range(80)}
    assert len(kinds) == 4
    assert video.enlarged(small, (48, 160), _rng()).shape == (48, 160, 3)
