"""From a passage's evidence to its two pictures: the frame and the plate's crop."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Hashable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass

import cv2

from lpr_engine.config.sections import StorageSection
from lpr_engine.model.errors import StoreError
from lpr_engine.model.passage import Evidence, PassageUpdate, Stage
from lpr_engine.model.pixels import Pixels
from lpr_engine.store.media import MediaFolder, StoredPicture

_LOGGER = logging.getLogger(__name__)

_REMEMBERED_PASSAGES = 256
_FORMATS = {
    "jpeg": (".jpg", cv2.IMWRITE_JPEG_QUALITY),
    "webp": (".webp", cv2.IMWRITE_WEBP_QUALITY),
}


@dataclass(frozen=True, slots=True)
class Pictures:
    """What shows a passage; None where there is nothing to show."""

    crop: StoredPicture | None = None
    frame: StoredPicture | None = None

    @property
    def kept(self) -> tuple[StoredPicture, ...]:
        """Those that are there."""
        return tuple(picture for picture in (self.crop, self.frame) if picture is not None)


class EvidenceKeeper:
    """Encodes evidence once: a later revision with the same evidence shares its pictures."""

    def __init__(self, storage: StorageSection, media: MediaFolder) -> None:
        self.go_by(storage)
        self._media = media
        self._frames = ThreadPoolExecutor(1, thread_name_prefix="store-frames")
        self._known: OrderedDict[str, tuple[Hashable, Pictures]] = OrderedDict()

    def go_by(self, storage: StorageSection) -> None:
        """Write pictures in this format from the next on; from any thread.

        Raises:
            StoreError: the picture format is unknown.
        """
        if storage.picture_format not in _FORMATS:
            raise StoreError(f"unknown picture format: {storage.picture_format!r}")
        self._storage = storage

    def keep(self, update: PassageUpdate) -> Pictures:
        """Write a revision's pictures, or find those of the revision before.

        Raises:
            DiskFullError: no space is left; neither picture was kept.
            StoreError: the folder refused them.
        """
        key = _identity(update.evidence)
        known = self._known.get(update.passage.id)
        if known is not None and known[0] == key and self._all_there(known[1]):
            return known[1]
        return self._write(update.evidence)

    def remember(self, update: PassageUpdate, pictures: Pictures) -> None:
        """Note what was committed, so that the next revision need not encode it again."""
        self._known.pop(update.passage.id, None)
        if update.passage.stage is Stage.FINAL:
            return
        self._known[update.passage.id] = (_identity(update.evidence), pictures)
        if len(self._known) > _REMEMBERED_PASSAGES:
            self._known.popitem(last=False)

    def discard(self, pictures: Pictures) -> None:
        """Take back what was written for a revision that was not committed."""
        self._media.remove(picture.path for picture in pictures.kept if picture.is_new)

    def close(self) -> None:
        """End the thread that writes frames."""
        self._frames.shutdown()

    def _write(self, evidence: Evidence) -> Pictures:
        """Both at once: most of the time goes by waiting for the disk to have them."""
        pending = self._frames.submit(self._put_frame, evidence.frame.pixels)
        try:
            crop = self._put(evidence.observation.crop.pixels, "crop")
        except StoreError:
            wait([pending])
            if pending.exception() is None:
                self.discard(Pictures(frame=pending.result()))
            raise
        try:
            return Pictures(crop, pending.result())
        except StoreError:
            self.discard(Pictures(crop))
            raise

    def _put_frame(self, pixels: Pixels) -> StoredPicture | None:
        return self._put(pixels, "frame") if self._storage.keep_frames else None

    def _all_there(self, pictures: Pictures) -> bool:
        return all(self._media.exists(picture.path) for picture in pictures.kept)

    def _put(self, pixels: Pixels, name: str) -> StoredPicture | None:
        storage = self._storage
        suffix, quality_flag = _FORMATS[storage.picture_format]
        # A picture that cannot be encoded must not cost the passage.
        try:
            done, content = cv2.imencode(suffix, pixels, [quality_flag, storage.picture_quality])
        except cv2.error as err:
            _LOGGER.warning("%s of shape %s cannot be encoded: %s", name, pixels.shape, err.err)
            return None
        return self._media.put(content.tobytes(), suffix) if done else None


def _identity(evidence: Evidence) -> Hashable:
    """What tells two evidences apart without holding on to their pixels."""
    frame, observation = evidence.frame, evidence.observation
    return (
        frame.camera,
        frame.number,
        frame.monotonic_s,
        frame.taken_at,
        observation.detection,
        observation.crop.quality,
        observation.crop.pixels.shape,
    )
