"""The empty street as a camera at the roadside sees it."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from lpr_engine.training.evaluation.drives.scene.view import View
from lpr_engine.training.synthetic.street import Camera, Picture, draw_street

_MOST_FOCAL_PX = 1100.0
_MOST_SIDE_PX = 4000
_MARGIN_PX = 8
_LEAST_SIDE_PX = 64


def draw_backdrop(view: View, generator: np.random.Generator) -> Picture:
    """The street without cars, uint8 RGB.

    A camera that only turns sees the same rays: the street is drawn for a level camera at the
    same place, and its picture is turned by a homography.
    """
    focal = min(view.focal_px, _MOST_FOCAL_PX)
    left, top, right, bottom = _seen(view, focal)
    half = max(abs(left), abs(right), _LEAST_SIDE_PX) + _MARGIN_PX
    level = Camera(
        width=2 * int(min(half, _MOST_SIDE_PX)),
        height=int(min(max(bottom - top, _LEAST_SIDE_PX), _MOST_SIDE_PX)) + 2 * _MARGIN_PX,
        horizon=round(_MARGIN_PX - top),
        focal_px=focal,
        height_m=view.height_m,
        across_m=view.across_m,
    )
    street = draw_street(level, generator)
    return np.asarray(
        cv2.warpPerspective(
            street,
            _turned(view, level),
            (view.width, view.height),
            flags=cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        ),
        np.uint8,
    )


def _turned(view: View, level: Camera) -> NDArray[np.float64]:
    """Takes pixels of the level camera to those of the view."""
    lens = np.array(
        [[level.focal_px, 0, level.width / 2], [0, level.focal_px, level.horizon], [0, 0, 1]]
    )
    whole: NDArray[np.float64] = view.lens @ view.rotation @ np.linalg.inv(lens)
    return whole


def _seen(view: View, focal: float) -> tuple[float, float, float, float]:
    """The part of a level camera's plane that the view shows; its axis is at (0, 0).

    A horizon of at least one row of sky and of ground is kept, as the street is drawn with both.
    """
    corners = np.array(
        [[0, 0, 1], [view.width, 0, 1], [view.width, view.height, 1], [0, view.height, 1]], float
    )
    rays = corners @ np.linalg.inv(view.lens).T @ view.rotation
    ahead = np.maximum(rays[:, 2], 0.05)
    x, y = focal * rays[:, 0] / ahead, focal * rays[:, 1] / ahead
    limit = float(_MOST_SIDE_PX)
    return (
        max(float(x.min()), -limit),
        max(min(float(y.min()), -_LEAST_SIDE_PX), -limit),
        min(float(x.max()), limit),
        min(max(float(y.max()), _LEAST_SIDE_PX), limit),
    )
