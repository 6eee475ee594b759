"""The sensor: exposure, gamma, grain, and fields of an interlaced picture."""

from __future__ import annotations

import cv2
import numpy as np

from lpr_engine.training.synthetic.camera.contrast import Contrast, Probes, contrast_of
from lpr_engine.training.synthetic.camera.light import Tones
from lpr_engine.training.synthetic.camera.pose import Picture

_LEVELS = np.linspace(0, 1, 256)
# Drawing fresh grain for every crop would cost more than all else; a crop takes a random piece.
_FINE = np.random.default_rng(2).standard_normal((192, 512, 3), np.float32)
_GREY = np.ascontiguousarray(np.repeat(_FINE[..., :1], 3, axis=2))
_CLOTS = cv2.blur(_FINE, (3, 3)) * np.float32(2)
_LEAST_CONTRAST = 34.0


def exposed(
    tones: Tones, at: Probes, generator: np.random.Generator, strength: float
) -> tuple[Picture, float]:
    """Exposure from murky to blown out, and the letters' contrast, which is never lost."""
    seen = contrast_of(tones, at)
    if generator.random() < 0.35 + 0.65 * (1 - strength) and seen.letters >= _LEAST_CONTRAST:
        return _rounded(tones, 1.0, 0.0), seen.letters
    draw = generator.random()
    if draw < 0.1:  # blown out: white runs into white, and letters grow thin
        contrast, bright = float(generator.uniform(110, 210)), float(generator.uniform(258, 300))
        blown = _stretched(tones, seen, contrast, bright)
        if contrast_of(blown, at).letters > 2 * _LEAST_CONTRAST:
            return blown, contrast
        contrast, bright = 90.0, 235.0  # here the letters are what is bright
    elif draw < 0.2:  # hardly any light
        contrast = float(generator.uniform(_LEAST_CONTRAST, 70))
        bright = contrast + float(generator.uniform(2, 25))
    else:
        contrast = float(np.exp(generator.uniform(np.log(38), np.log(225))))
        bright = float(generator.uniform(max(contrast, 85), 258))
    return _stretched(tones, seen, contrast, bright), contrast


def _stretched(tones: Tones, seen: Contrast, contrast: float, bright: float) -> Picture:
    """Letters at this contrast and the plate's brightest part at this tone, none of it black."""
    uneven = seen.brightest - seen.dimmest
    gain = min(contrast / max(seen.letters, 8.0), 200 / max(uneven, 1.0))
    offset = bright - seen.brightest * gain
    lifted = 0.7 * gain * seen.letters - seen.dimmest * gain
    # Lifted no further than to where the bright part begins to run into white itself.
    return _rounded(tones, gain, max(offset, min(lifted, 262 - seen.brightest * gain)))


def _rounded(tones: Tones, gain: float, offset: float) -> Picture:
    """Tones as bytes: whatever is darker than black or brighter than white is lost."""
    return np.asarray(cv2.addWeighted(tones, gain, tones, 0, offset, dtype=cv2.CV_8U), np.uint8)


def bent_tones(image: Picture, gamma: float) -> Picture:
    """Brighter (gamma below 1) or darker middle tones."""
    table = (255 * _LEVELS**gamma).astype(np.uint8)
    return np.asarray(cv2.LUT(image, table), np.uint8)


def grained(image: Picture, sigma: float, generator: np.random.Generator) -> Picture:
    """Noise of this strength, mostly grey; in a compressed dark picture it comes in clots."""
    height, width = image.shape[:2]
    draw = generator.random()
    kind = _GREY if draw < 0.35 else _CLOTS if draw < 0.6 else _FINE
    top = int(generator.integers(max(1, kind.shape[0] - height)))
    left = int(generator.integers(max(1, kind.shape[1] - width)))
    grain = kind[top : top + height, left : left + width]
    if grain.shape != image.shape:
        grain = generator.standard_normal(image.shape, np.float32)
    scaled = grain * np.float32(sigma)
    return np.asarray(cv2.add(image, scaled, dtype=cv2.CV_8U), np.uint8)


def combed(image: Picture, shift_px: int) -> Picture:
    """Every second row was seen a moment later: a driving plate frays into combs."""
    out: Picture = image.copy()
    out[1::2] = np.roll(image[1::2], shift_px, axis=1)
    edge = slice(0, shift_px) if shift_px > 0 else slice(shift_px, None)
    out[1::2, edge] = image[1::2, edge]
    return out


def one_field(image: Picture) -> Picture:
    """Half of the rows only, each shown twice, as many recorders do with interlaced pictures."""
    return np.asarray(np.repeat(image[::2], 2, axis=0)[: image.shape[0]], np.uint8)
