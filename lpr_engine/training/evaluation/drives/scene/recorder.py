"""What sensor and encoder make of tones: focus, noise, and pictures packed one after another."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from lpr_engine.model.pixels import Pixels
from lpr_engine.training.evaluation.drives.scene.layering import Tones
from lpr_engine.training.evaluation.drives.scene.light import bloomed

_SPARE_PX = 48
_KEY_FRAME_S = 2.0
_HAZE = 190.0


@dataclass(frozen=True, slots=True)
class Recording:
    """How pictures are taken and packed; `quality` is a JPEG's, `is_video` packs differences."""

    fps: float
    exposure_s: float
    focus_px: float
    noise: float
    coloured_noise: float
    bloom: float
    haze: float
    is_grey: bool
    quality: int
    is_video: bool


class Recorder:
    """One camera from tones to the pictures that reach the engine; to be used in order of time."""

    def __init__(
        self, options: Recording, size: tuple[int, int], generator: np.random.Generator
    ) -> None:
        """Take the options and the pictures' (width, height)."""
        self._options = options
        self._generator = generator
        self._grain = _grain(options, size, generator)
        self._last: Pixels | None = None
        self._key_s = -1e9

    def record(self, tones: Tones, time_s: float) -> Pixels:
        """The picture as it is decoded again, uint8 BGR; tones are RGB."""
        options = self._options
        seen = bloomed(tones, options.bloom) if options.bloom else tones
        picture = cv2.convertScaleAbs(seen, alpha=1 - options.haze, beta=_HAZE * options.haze)
        if options.focus_px > 0.2:
            picture = cv2.GaussianBlur(picture, (0, 0), options.focus_px)
        noisy = np.asarray(cv2.add(picture, self._present_grain(), dtype=cv2.CV_8U), np.uint8)
        if options.is_grey:
            grey = cv2.cvtColor(noisy, cv2.COLOR_RGB2GRAY)
            return self._packed(np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR)), time_s)
        return self._packed(np.asarray(cv2.cvtColor(noisy, cv2.COLOR_RGB2BGR)), time_s)

    def _present_grain(self) -> Tones:
        y, x = (int(v) for v in self._generator.integers(0, _SPARE_PX, 2))
        height, width = self._grain.shape[0] - _SPARE_PX, self._grain.shape[1] - _SPARE_PX
        return self._grain[y : y + height, x : x + width]

    def _packed(self, picture: Pixels, time_s: float) -> Pixels:
        """Alone, or as the difference to the picture before, as video at a low bit rate is.

        Where little changes nothing is stored, so that mistakes stay until the next key frame.
        """
        quality = self._options.quality
        if not self._options.is_video:
            return _jpeg(picture, quality)
        if self._last is None or time_s - self._key_s >= _KEY_FRAME_S:
            self._key_s, self._last = time_s, _jpeg(picture, quality)
        else:
            # Half as fine, as all differences from -255 to 255 must fit into a byte.
            change = cv2.addWeighted(picture, 0.5, self._last, -0.5, 128)
            stored = _jpeg(np.asarray(change, np.uint8), quality)
            decoded = cv2.addWeighted(stored, 2.0, self._last, 1.0, -256)
            self._last = np.asarray(decoded, np.uint8)
        return np.asarray(cv2.GaussianBlur(self._last, (3, 3), 0.5), np.uint8)


def _grain(options: Recording, size: tuple[int, int], generator: np.random.Generator) -> Tones:
    """Noise with room to be shifted, grey and in coarser colours, float32 (H, W, 3)."""
    shape = (size[1] + _SPARE_PX, size[0] + _SPARE_PX)
    grain = options.noise * generator.standard_normal((*shape, 1), np.float32)
    if not options.coloured_noise:
        return np.ascontiguousarray(np.repeat(grain, 3, axis=2))
    half = generator.standard_normal((shape[0] // 2, shape[1] // 2, 3), np.float32)
    colours = cv2.resize(half, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(grain + options.coloured_noise * colours, np.float32)


def _jpeg(picture: Pixels, quality: int) -> Pixels:
    _, code = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(code, cv2.IMREAD_COLOR), np.uint8)
