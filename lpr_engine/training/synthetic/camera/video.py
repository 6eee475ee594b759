"""What a recorder does to pictures: sharpens, packs them small, enlarges them."""

from __future__ import annotations

import cv2
import numpy as np

from lpr_engine.training.synthetic.camera.pose import Picture

_BLOCK = 8


def packed(
    image: Picture,
    letter_px: float,
    contrast: float,
    generator: np.random.Generator,
    strength: float,
) -> Picture:
    """JPEG of any quality, or the soft blocks of video at a low bit rate.

    Few pixels and little contrast (0..255) bear little loss: both raise the worst quality.
    """
    draw = generator.random() / max(strength, 1e-6)
    worst = min(70.0, max(12.0, 62 - 1.35 * letter_px, 78 - 0.6 * contrast))
    if draw < 0.26:
        return jpeg(image, int(generator.uniform(worst + 8, 92)), generator)
    if draw < 0.38:
        blocky = jpeg(image, int(generator.uniform(worst, worst + 18)), generator)
        # Video decoders smooth the borders between blocks; JPEG decoders leave them.
        return np.asarray(cv2.GaussianBlur(blocky, (3, 3), 0.55), np.uint8)
    return image


def jpeg(image: Picture, quality: int, generator: np.random.Generator) -> Picture:
    """Packed and unpacked, with colours at half size; blocks begin anywhere."""
    down, right = (int(n) for n in generator.integers(0, _BLOCK, 2))
    larger = cv2.copyMakeBorder(image, down, 0, right, 0, cv2.BORDER_REPLICATE)
    _, code = cv2.imencode(".jpg", larger, [cv2.IMWRITE_JPEG_QUALITY, quality])
    whole = np.asarray(cv2.imdecode(code, cv2.IMREAD_COLOR), np.uint8)
    return whole[down:, right:]


def sharpened(image: Picture, amount: float, sigma: float) -> Picture:
    """Edges with bright and dark seams, as cameras draw them by default."""
    soft = cv2.GaussianBlur(image, (0, 0), sigma)
    return np.asarray(cv2.addWeighted(image, 1 + amount, soft, -amount, 0), np.uint8)


def coarse_colour(image: Picture, generator: np.random.Generator) -> Picture:
    """Colours at a quarter of the size that the brightness has, perhaps beside it."""
    height, width = image.shape[:2]
    parts = cv2.cvtColor(image, cv2.COLOR_RGB2YCrCb)
    small = cv2.resize(
        parts, (max(2, width // 4), max(2, height // 2)), interpolation=cv2.INTER_AREA
    )
    colours = cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)
    if generator.random() < 0.5:
        colours = np.roll(colours, int(generator.integers(-3, 4)), axis=1)
    colours[..., 0] = parts[..., 0]
    return np.asarray(cv2.cvtColor(colours, cv2.COLOR_YCrCb2RGB), np.uint8)


def enlarged(image: Picture, size: tuple[int, int], generator: np.random.Generator) -> Picture:
    """Digital zoom back to `size` (height, width), by each of the usual ways."""
    if image.shape[:2] == size:
        return image
    draw = generator.random()
    way = cv2.INTER_LINEAR
    if draw < 0.25:
        way = cv2.INTER_CUBIC
    elif draw < 0.29:
        way = cv2.INTER_LANCZOS4
    elif draw < 0.34:
        way = cv2.INTER_NEAREST
    return np.asarray(cv2.resize(image, (size[1], size[0]), interpolation=way), np.uint8)
