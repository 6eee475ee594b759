"""Frames as JPEG for whoever watches: scaled, and with the plates framed if wanted."""

from __future__ import annotations

from dataclasses import replace

import cv2

from lpr_engine.model.errors import PictureError
from lpr_engine.model.live import LiveFrame, PictureForm
from lpr_engine.model.pixels import Pixels
from lpr_engine.vision.annotation import Caption, draw
from lpr_engine.vision.shrinking import shrunk


class JpegPainter:
    """Implements `LivePainter`; OpenCV lets other threads run while it works."""

    def jpeg(self, shown: LiveFrame, form: PictureForm) -> bytes:
        """A frame as JPEG; labels keep their size whatever the picture's.

        Raises:
            PictureError: OpenCV refuses it.
        """
        try:
            done, data = cv2.imencode(
                ".jpg", _picture(shown, form), [cv2.IMWRITE_JPEG_QUALITY, form.quality]
            )
        except cv2.error as err:
            raise PictureError(f"a frame of camera {shown.frame.camera} is no picture") from err
        if not done:
            raise PictureError(f"a frame of camera {shown.frame.camera} cannot be encoded")
        return data.tobytes()


def _picture(shown: LiveFrame, form: PictureForm) -> Pixels:
    frame, size = shown.frame, form.size_of(shown.frame)
    picture = frame.pixels
    if size != (frame.width, frame.height):
        picture = shrunk(picture, *size)
    if not form.annotated:
        return picture
    across, down = size[0] / frame.width, size[1] / frame.height
    captions = [Caption.of(observation) for observation in shown.observations]
    scaled = [replace(one, box=one.box.scaled(across, down)) for one in captions]
    return draw(picture, scaled)
