"""What weather leaves between camera and letters: dirt, snow, rain, drops, haze."""

from __future__ import annotations

import cv2
import numpy as np

from lpr_engine.training.synthetic.camera.light import Tones, channels, covered


def weathered(tones: Tones, generator: np.random.Generator, strength: float) -> Tones:
    """At most one kind of weather; most crops see none."""
    draw = generator.random() / max(strength, 1e-6)
    if draw < 0.07:
        return dirt(tones, generator)
    if draw < 0.095:
        return snow(tones, generator)
    if draw < 0.12:
        return rain(tones, generator)
    if draw < 0.135:
        return drops(tones, generator)
    if draw < 0.2:
        return haze(tones, float(generator.uniform(0.2, 0.75)), generator)
    return tones


def dirt(tones: Tones, generator: np.random.Generator) -> Tones:
    """Mud and road film in cloudy patches, often thicker below; letters shine through."""
    height, width = tones.shape[:2]
    coarse = generator.random((max(2, height // 6), max(2, width // 6)), np.float32)
    cloud = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC) - np.float32(0.6)
    if generator.random() < 0.4:
        cloud += np.linspace(-0.25, 0.45, height, dtype=np.float32)[:, None]
    mud = np.clip(cloud * 2, 0, float(generator.uniform(0.3, 0.6)))
    level = float(generator.uniform(45, 150))
    return covered(tones, mud, (level, 0.9 * level, 0.75 * level))


def snow(tones: Tones, generator: np.random.Generator) -> Tones:
    """Snow that clings to the upper and lower edge, and flakes before the plate."""
    height, width = tones.shape[:2]
    deep = generator.uniform(0, 0.18, 2) * height
    rough = cv2.resize(
        generator.uniform(-0.06, 0.06, (2, 10)).astype(np.float32) * height, (width, 2)
    )
    rows = np.arange(height, dtype=np.float32)[:, None]
    cover = np.maximum(deep[0] + rough[0] - rows, rows - (height - 1 - deep[1] - rough[1]))
    mask = np.clip(cover.astype(np.float32), 0, 0.9)
    flakes = generator.random((int(generator.integers(3, 16)), 2)) * [width, height]
    for x, y in flakes.astype(int).tolist():
        cv2.circle(mask, (x, y), int(generator.integers(0, 2)), 0.8, -1, cv2.LINE_AA)
    return covered(tones, mask, (float(tones.max()) * 0.95,) * 3)


def rain(tones: Tones, generator: np.random.Generator) -> Tones:
    """Streaks of falling rain, all slanted alike."""
    height, width = tones.shape[:2]
    mask = np.zeros((height, width), np.float32)
    lean, long = float(generator.normal(0, 0.3)), float(generator.uniform(0.15, 0.5)) * height
    for x, y in (generator.random((int(generator.integers(6, 26)), 2)) * [width, height]).tolist():
        end = (int(x + lean * long), int(y + long))
        cv2.line(mask, (int(x), int(y)), end, float(generator.uniform(0.3, 1.0)), 1)
    streaks = cv2.cvtColor(cv2.blur(mask, (1, 3)), cv2.COLOR_GRAY2RGB)
    return np.asarray(cv2.scaleAdd(streaks, float(generator.uniform(20, 75)), tones), np.float32)


def drops(tones: Tones, generator: np.random.Generator) -> Tones:
    """Water on the lens or its dome: round places that show everything soft and shifted."""
    height, width = tones.shape[:2]
    mask = np.zeros((height, width), np.float32)
    for _ in range(int(generator.integers(1, 5))):
        place = (int(generator.integers(width)), int(generator.integers(height)))
        radius = int(height * generator.uniform(0.06, 0.17))
        cv2.circle(mask, place, radius, 1.0, -1, cv2.LINE_AA)
    mask = cv2.blur(mask, (3, 3))[..., None] * np.float32(0.75)
    soft = cv2.blur(tones, (7, 5))
    tones += (soft - tones) * mask
    return tones


def haze(tones: Tones, veil: float, generator: np.random.Generator) -> Tones:
    """Fog, spray or light in a dusty lens: everything is drawn toward one bright grey."""
    light = (float(generator.uniform(110, 235)) + generator.normal(0, 6, 3)) * veil
    return np.asarray(cv2.add(tones * np.float32(1 - veil), channels(*light.tolist())), np.float32)
