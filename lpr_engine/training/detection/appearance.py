"""Light, colour and camera faults that a picture may suffer without its plates moving."""

from __future__ import annotations

import cv2
import numpy as np

from lpr_engine.model.pixels import Pixels


def disturbed(rng: np.random.Generator, scene: Pixels) -> Pixels:
    """Return the picture in another light and with a random choice of camera faults."""
    scene = _other_light(rng, scene)
    if rng.random() < 0.15:
        scene = np.repeat(cv2.cvtColor(scene, cv2.COLOR_BGR2GRAY)[..., None], 3, axis=2)
    for chance, fault in ((0.12, _coarse), (0.15, _blurred), (0.1, _noisy), (0.2, _compressed)):
        if rng.random() < chance:
            scene = fault(rng, scene)
    return np.asarray(scene, np.uint8)


def _other_light(rng: np.random.Generator, scene: Pixels) -> Pixels:
    hue, saturation, value = rng.uniform(-1, 1, 3) * (0.02, 0.6, 0.4) + (0, 1, 1)
    levels = np.arange(256, dtype=np.float64)
    gamma = float(np.exp(rng.normal(0, 0.2)))
    bright = np.clip(255 * (np.clip(levels * value, 0, 255) / 255) ** gamma, 0, 255).astype(
        np.uint8
    )
    planes = cv2.split(cv2.cvtColor(scene, cv2.COLOR_BGR2HSV))
    turned = ((levels + hue * 180) % 180).astype(np.uint8)
    richer = np.clip(levels * saturation, 0, 255).astype(np.uint8)
    changed = cv2.merge(
        [
            cv2.LUT(plane, table)
            for plane, table in zip(planes, (turned, richer, bright), strict=True)
        ]
    )
    return np.asarray(cv2.cvtColor(changed, cv2.COLOR_HSV2BGR), np.uint8)


def _coarse(rng: np.random.Generator, scene: Pixels) -> Pixels:
    height, width = scene.shape[:2]
    factor = float(rng.uniform(0.45, 0.85))
    small = cv2.resize(
        scene, (int(width * factor), int(height * factor)), interpolation=cv2.INTER_AREA
    )
    return np.asarray(cv2.resize(small, (width, height)), np.uint8)


def _blurred(rng: np.random.Generator, scene: Pixels) -> Pixels:
    if rng.random() < 0.5:
        return np.asarray(cv2.GaussianBlur(scene, (0, 0), float(rng.uniform(0.4, 1.6))), np.uint8)
    length = int(rng.integers(3, 8))
    kernel = np.zeros((length, length), np.float32)
    kernel[length // 2] = 1.0 / length
    turn = cv2.getRotationMatrix2D(
        ((length - 1) / 2, (length - 1) / 2), float(rng.uniform(0, 180)), 1
    )
    kernel = np.asarray(cv2.warpAffine(kernel, turn, (length, length)), np.float32)
    return np.asarray(cv2.filter2D(scene, -1, kernel / max(float(kernel.sum()), 1e-3)), np.uint8)


def _noisy(rng: np.random.Generator, scene: Pixels) -> Pixels:
    noise = rng.standard_normal(scene.shape, np.float32) * np.float32(rng.uniform(2, 14))
    return np.asarray(np.clip(scene + noise, 0, 255), np.uint8)


def _compressed(rng: np.random.Generator, scene: Pixels) -> Pixels:
    _, encoded = cv2.imencode(".jpg", scene, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(20, 80))])
    return np.asarray(cv2.imdecode(encoded, cv2.IMREAD_COLOR), np.uint8)
