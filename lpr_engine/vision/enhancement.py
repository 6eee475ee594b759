"""Dark and flat crops made readable; all others are left alone."""

from __future__ import annotations

import cv2
import numpy as np

from lpr_engine.model.pixels import Pixels

DARK_MEAN = 60.0
WANTED_MEAN = 110.0
MIN_GAMMA = 0.4
FLAT_SPREAD = 60.0
CLAHE_CLIP = 2.0
CLAHE_TILES = (4, 2)


def enhance(pixels: Pixels) -> Pixels:
    """The crop with gamma if it is dark and local contrast if it is flat, on luminance only."""
    luminance = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    low, high = np.percentile(luminance, (2, 98))
    is_dark = float(luminance.mean()) < DARK_MEAN
    is_flat = float(high - low) < FLAT_SPREAD
    if high <= low or not (is_dark or is_flat):
        return pixels
    colours = cv2.cvtColor(pixels, cv2.COLOR_BGR2LAB)
    light: Pixels = np.asarray(colours[..., 0], np.uint8)
    if is_dark:
        light = _brightened(light)
    if is_flat:
        light = np.asarray(cv2.createCLAHE(CLAHE_CLIP, CLAHE_TILES).apply(light), np.uint8)
    colours[..., 0] = light
    return np.asarray(cv2.cvtColor(colours, cv2.COLOR_LAB2BGR), np.uint8)


def _brightened(light: Pixels) -> Pixels:
    """Gamma that takes the mean to a middle grey, as far as `MIN_GAMMA` allows."""
    mean = max(1.0, float(light.mean()))
    gamma = max(MIN_GAMMA, float(np.log(WANTED_MEAN / 255) / np.log(min(mean, 254) / 255)))
    table = np.asarray(255 * (np.arange(256) / 255) ** min(1.0, gamma), np.uint8)
    return np.asarray(cv2.LUT(light, table), np.uint8)
