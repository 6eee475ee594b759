"""One plate drawn into a scene: in perspective, on a holder, in the scene's light."""

from __future__ import annotations

from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from lpr_engine.model.pixels import Pixels
from lpr_engine.training.detection.labels import Boxes

Quad: TypeAlias = NDArray[np.float32]
"""Four corners in pixels, clockwise from the plate's top left, shape (4, 2)."""

_LEAST_SHOWN = 0.75
_LEAST_SIDE_PX = 5


def plate_quad(rng: np.random.Generator, width_px: float, aspect: float) -> Quad:
    """Return a plate's corners in random perspective around the origin."""
    half = np.array([width_px, width_px / aspect], np.float32) / 2
    corners = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)], np.float32) * half
    angle, shear = np.deg2rad(rng.normal(0, 6)), np.tan(np.deg2rad(rng.normal(0, 7)))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    corners = (
        corners @ np.array([[1, shear * rng.integers(2)], [shear * rng.integers(2), 1]]) @ turn.T
    )
    jitter = rng.normal(0, 0.03, (4, 2)) * half[1] * 2
    return np.asarray(corners + jitter, np.float32)


def bounding_box(quad: Quad, width: int, height: int) -> Boxes:
    """Return the quad's box within the picture; none (shape (0, 4)) when too little is inside."""
    low, high = quad.min(axis=0), quad.max(axis=0)
    inside_low, inside_high = np.clip(low, 0, (width, height)), np.clip(high, 0, (width, height))
    shown = np.prod(inside_high - inside_low) / max(float(np.prod(high - low)), 1e-6)
    if shown < _LEAST_SHOWN or (inside_high - inside_low).min() < _LEAST_SIDE_PX:
        return np.zeros((0, 4), np.float32)
    return np.concatenate([inside_low, inside_high]).astype(np.float32)[None]


def mount(rng: np.random.Generator, scene: Pixels, crop: Pixels, quad: Quad) -> None:
    """Draw an optional panel and holder behind the plate, then the plate itself."""
    surrounding = surrounding_colour(scene, quad)
    if rng.random() < 0.3:
        panel = np.clip(surrounding * rng.uniform(0.5, 1.6) + rng.normal(0, 12, 3), 0, 255)
        fill(scene, grown(quad, float(rng.uniform(1.3, 2.4))), panel, float(rng.uniform(0.7, 1.0)))
        surrounding = panel
    draw = rng.random()
    if draw < 0.3:
        holder = np.clip(surrounding * rng.uniform(0.1, 1.2) + rng.normal(0, 6, 3), 0, 255)
        fill(scene, grown(quad, float(rng.uniform(1.04, 1.16))), holder, 1.0)
    elif draw < 0.65:
        _hold(rng, scene, quad, surrounding)
    _draw(rng, scene, _lit(rng, crop, surrounding), quad)


def _hold(
    rng: np.random.Generator, scene: Pixels, quad: Quad, surrounding: NDArray[np.float64]
) -> None:
    """A holder as cars have them: thin at three sides, with a lettered strip below the plate."""
    dark = rng.random() < 0.8
    ground = rng.uniform(4, 45, 3) if dark else rng.uniform(150, 235, 3)
    ground = np.clip(ground * (0.4 + float(surrounding.mean()) / 180), 0, 255)
    rim, strip = float(rng.uniform(0.02, 0.08)), float(rng.uniform(0.12, 0.3))
    fill(scene, stretched(quad, rim, rim, strip), ground, 1.0)
    if rng.random() < 0.7:
        below = stretched(quad, 0, -1.02, 0.9 * strip)
        ink = (ground + (110 if dark else -110)).clip(0, 255)
        text = "".join(rng.choice(list("AUTOHSCENTRKMVLIDB. "), int(rng.integers(8, 26))))
        face, white = cv2.FONT_HERSHEY_SIMPLEX, np.full((36, 22 * len(text), 3), ground, np.uint8)
        cv2.putText(white, text, (2, 29), face, 1.0, ink.tolist(), 2, cv2.LINE_AA)
        _draw(rng, scene, white, below)


def surrounding_colour(scene: Pixels, quad: Quad) -> NDArray[np.float64]:
    """Return the mean colour (BGR) around and under the quad."""
    x0, y0, x1, y1 = _region(grown(quad, 1.5), scene.shape)
    return np.asarray(scene[y0:y1, x0:x1].reshape(-1, 3).mean(axis=0), np.float64)


def _lit(rng: np.random.Generator, crop: Pixels, surrounding: NDArray[np.float64]) -> Pixels:
    """Give the crop the scene's brightness and tint, loosely: plates often outshine their cars."""
    light = float(surrounding.mean()) + 1.0
    tint = (surrounding + 8) / (light + 8)
    if float(np.ptp(surrounding)) < 2.5:
        crop = np.repeat(crop.mean(axis=2, keepdims=True), 3, axis=2).astype(np.uint8)
    wanted = float(np.clip(light * rng.uniform(0.7, 2.4), 25, 215))
    if rng.random() < 0.25:
        wanted = float(rng.uniform(60, 210))
    gain = wanted / (float(crop.mean()) + 1.0)
    lit = crop.astype(np.float32) * (gain * tint ** rng.uniform(0.2, 1.0)).astype(np.float32)
    contrast = float(rng.uniform(0.55, 1.1))
    return np.asarray(np.clip((lit - wanted) * contrast + wanted, 0, 255), np.uint8)


def _region(quad: Quad, shape: tuple[int, ...]) -> tuple[int, int, int, int]:
    low = np.floor(quad.min(axis=0)).astype(int) - 2
    high = np.ceil(quad.max(axis=0)).astype(int) + 3
    x0, y0 = max(0, min(low[0], shape[1] - 1)), max(0, min(low[1], shape[0] - 1))
    return (
        int(x0),
        int(y0),
        int(max(x0 + 1, min(high[0], shape[1]))),
        int(max(y0 + 1, min(high[1], shape[0]))),
    )


def grown(quad: Quad, factor: float) -> Quad:
    """Move each edge out by the same distance, as a frame around a plate does."""
    centre = quad.mean(axis=0)
    margin = (factor - 1) * float(np.linalg.norm(quad[3] - quad[0])) / 2
    steps = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)], np.float32) * margin
    return np.asarray(centre + (quad - centre) + steps, np.float32)


def stretched(quad: Quad, sides: float, above: float, below: float) -> Quad:
    """Move the edges out by shares of the plate's height; a negative share moves one in."""
    left, right = quad[3] - quad[0], quad[2] - quad[1]
    along = (quad[1] - quad[0]) / max(float(np.linalg.norm(quad[1] - quad[0])), 1e-6)
    out = along * sides * float(np.linalg.norm(left))
    moved = [
        quad[0] - above * left - out,
        quad[1] - above * right + out,
        quad[2] + below * right + out,
        quad[3] + below * left - out,
    ]
    return np.asarray(moved, np.float32)


def fill(scene: Pixels, quad: Quad, colour: NDArray[np.float64], strength: float) -> None:
    """Paint the quad in one colour (BGR); a strength below 1 lets the scene shine through."""
    x0, y0, x1, y1 = _region(quad, scene.shape)
    mask = np.zeros((y1 - y0, x1 - x0), np.uint8)
    corners = np.round((quad - (x0, y0)) * 16).astype(np.int32)
    cv2.fillConvexPoly(mask, corners, 255, cv2.LINE_AA, 4)
    weight = mask.astype(np.float32)[..., None] * (strength / 255)
    part = scene[y0:y1, x0:x1]
    part[:] = (part * (1 - weight) + colour.astype(np.float32) * weight).astype(np.uint8)


def _draw(rng: np.random.Generator, scene: Pixels, crop: Pixels, quad: Quad) -> None:
    x0, y0, x1, y1 = _region(quad, scene.shape)
    crop = _near_size(crop, quad)
    height, width = crop.shape[:2]
    source = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    turn = cv2.getPerspectiveTransform(source - 0.5, quad - np.array([x0, y0], np.float32) - 0.5)
    size = (x1 - x0, y1 - y0)
    mask = cv2.warpPerspective(_rounded(width, height, float(rng.uniform(0, 0.12))), turn, size)
    plate = cv2.warpPerspective(crop, turn, size, borderMode=cv2.BORDER_REPLICATE)
    blur = float(rng.uniform(0, 1.1))
    if blur > 0.35:
        mask, plate = (cv2.GaussianBlur(layer, (0, 0), blur) for layer in (mask, plate))
    weight = mask.astype(np.float32)[..., None] / 255
    part = scene[y0:y1, x0:x1]
    part[:] = (part * (1 - weight) + plate * weight).astype(np.uint8)


def _near_size(crop: Pixels, quad: Quad) -> Pixels:
    """Shrink a crop that is much larger than its place, so that warping it does not alias."""
    factor = 1.2 * float(np.linalg.norm(quad[1] - quad[0])) / crop.shape[1]
    if factor >= 1:
        return crop
    size = (max(4, round(crop.shape[1] * factor)), max(4, round(crop.shape[0] * factor)))
    return np.asarray(cv2.resize(crop, size, interpolation=cv2.INTER_AREA), np.uint8)


def _rounded(width: int, height: int, radius_share: float) -> Pixels:
    mask = np.full((height, width), 255, np.uint8)
    radius = int(radius_share * height)
    if radius < 2:
        return mask
    mask[:] = 0
    cv2.rectangle(mask, (radius, 0), (width - 1 - radius, height - 1), 255, -1)
    cv2.rectangle(mask, (0, radius), (width - 1, height - 1 - radius), 255, -1)
    for x in (radius, width - 1 - radius):
        for y in (radius, height - 1 - radius):
            cv2.circle(mask, (x, y), radius, 255, -1)
    return mask
