"""Where a training goes on from: written whole or not at all, with the one before it kept."""

from __future__ import annotations

import io
import logging
import os
import pickle
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import torch

from lpr_engine.model.errors import LprError

_LOGGER = logging.getLogger(__name__)
_UNREADABLE = (
    OSError,
    RuntimeError,
    ValueError,
    EOFError,
    pickle.UnpicklingError,
    zipfile.BadZipFile,
    # The unpickler stumbles over foreign bytes in its own ways.
    LookupError,
    TypeError,
    AttributeError,
)


class CheckpointError(LprError):
    """A checkpoint can be neither written nor read."""

    code = "checkpoint_unusable"


class CheckpointFile:
    """A training's state on disk, beside the state before it (`name.previous.pt`)."""

    def __init__(self, path: Path, fields: Iterable[str]) -> None:
        """Name the file, and the fields that every state has."""
        self.path = path
        self.previous = path.with_suffix(f".previous{path.suffix}")
        self._fields = frozenset(fields)

    def save(self, state: dict[str, Any]) -> None:
        """Write the state; whatever happens, a whole one stays on the disk.

        Raises:
            CheckpointError: the disk is full or cannot be written; what was there is untouched.
        """
        # In memory first: torch's own writer reports a full disk as an internal error.
        packed = io.BytesIO()
        torch.save(state, packed)
        partial = self.path.with_suffix(".partial")
        try:
            with partial.open("wb") as file:
                file.write(packed.getbuffer())
                file.flush()
                os.fsync(file.fileno())
            if self.path.exists():
                self.path.replace(self.previous)
            partial.replace(self.path)
        except OSError as err:
            kept = self._without(partial)
            raise CheckpointError(
                f"{self.path}: cannot be written ({err.strerror or err}); {kept}"
            ) from err

    def load(self) -> dict[str, Any] | None:
        """The newest state that is whole, or None where there is none yet.

        Raises:
            CheckpointError: there are states, but all are damaged.
        """
        damaged: list[str] = []
        for path in (self.path, self.previous):
            if not path.exists():
                continue
            try:
                state = read_checkpoint(path, self._fields)
            except CheckpointError as err:
                damaged.append(str(err))
                _LOGGER.warning("%s", damaged[-1])
                continue
            if path == self.previous:
                _LOGGER.warning("going on from the checkpoint before: %s", path)
            return state
        if damaged:
            raise CheckpointError("; ".join(damaged) + "; delete what is damaged to begin anew")
        return None

    def _without(self, partial: Path) -> str:
        try:
            partial.unlink(missing_ok=True)
        except OSError:
            _LOGGER.warning("%s: cannot be removed", partial)
        kept = next((p for p in (self.path, self.previous) if p.exists()), None)
        return f"the one before is whole: {kept}" if kept else "there is none before it"


def read_checkpoint(path: Path, fields: Iterable[str]) -> dict[str, Any]:
    """The state that a file holds, with at least these fields.

    Raises:
        CheckpointError: it is damaged, or no checkpoint of such a training.
    """
    try:
        # torch.load does not compare checksums: a flipped bit would go on as a wrong weight.
        with zipfile.ZipFile(path) as archive:
            broken = archive.testzip()
        if broken is not None:
            raise CheckpointError(f"{path}: damaged: checksum of {broken} is wrong")
        state = torch.load(path, map_location="cpu", weights_only=True)
    except _UNREADABLE as err:
        raise CheckpointError(f"{path}: damaged: {err}") from err
    if not isinstance(state, dict) or not set(fields) <= state.keys():
        raise CheckpointError(f"{path}: is no checkpoint of such a training")
    return state
