"""Start weights: a network's state in half precision, small enough to be shipped."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from lpr_engine.model.errors import LprError
from lpr_engine.training.checkpoint_file import CheckpointError, read_checkpoint
from lpr_engine.training.reading.network import PlateReader

_REGIONS = "region_names"
_REGION_HEAD = "region."


class ReaderStartError(LprError):
    """The weights to start from cannot be used."""

    code = "reader_start_unusable"


def write_start(network: PlateReader, path: Path) -> None:
    """Write the network's state, floating point as float16, with the names of its regions."""
    arrays: dict[str, Any] = {_REGIONS: np.array(network.regions, np.str_)}
    for name, tensor in network.state_dict().items():
        array = tensor.detach().cpu().numpy()
        arrays[name] = array.astype(np.float16) if array.dtype == np.float32 else array
    partial = path.with_suffix(".partial")
    with partial.open("wb") as file:
        np.savez_compressed(file, **arrays)
    partial.replace(path)


def start_regions(path: Path) -> tuple[str, ...]:
    """The regions that start weights or a checkpoint tell apart.

    Raises:
        ReaderStartError: the file cannot be read.
    """
    return _read(path)[1]


def start_from(network: PlateReader, path: Path) -> list[str]:
    """Take every tensor that fits by name and shape; return the names of those that start fresh.

    `path` is start weights (.npz) or a checkpoint (.pt), whose averaged weights are taken. A
    region head is taken only where it knows the same regions in the same order.

    Raises:
        ReaderStartError: the file cannot be read, or nothing in it fits.
    """
    stored, regions = _read(path)
    own = network.state_dict()
    fitting = {
        name: tensor.to(own[name].dtype)
        for name, tensor in stored.items()
        if name in own and own[name].shape == tensor.shape
    }
    if regions != network.regions:
        fitting = {n: t for n, t in fitting.items() if not n.startswith(_REGION_HEAD)}
    if not fitting:
        raise ReaderStartError(f"{path}: none of its {len(stored)} tensors fits this network")
    if not all(bool(torch.isfinite(t).all()) for t in fitting.values()):
        raise ReaderStartError(f"{path}: has weights that are no finite numbers")
    network.load_state_dict(fitting, strict=False)
    return [name for name in own if name not in fitting]


def _read(path: Path) -> tuple[Mapping[str, Tensor], tuple[str, ...]]:
    return _npz(path) if path.suffix == ".npz" else _checkpoint(path)


def _npz(path: Path) -> tuple[Mapping[str, Tensor], tuple[str, ...]]:
    try:
        # From memory, since numpy leaves the file open when it is damaged.
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as file:
            arrays = {name: np.asarray(file[name]) for name in file.files}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as err:
        raise ReaderStartError(f"{path}: not readable as start weights: {err}") from err
    regions = tuple(str(name) for name in arrays.pop(_REGIONS, ()))
    try:
        return {name: torch.from_numpy(array) for name, array in arrays.items()}, regions
    except TypeError as err:
        raise ReaderStartError(f"{path}: not readable as start weights: {err}") from err


def _checkpoint(path: Path) -> tuple[Mapping[str, Tensor], tuple[str, ...]]:
    try:
        state = read_checkpoint(path, ("average",))
        return dict(state["average"]), tuple(state.get("regions", ()))
    except CheckpointError as err:
        raise ReaderStartError(f"not readable as a checkpoint: {err}") from err
    except (TypeError, ValueError) as err:
        raise ReaderStartError(f"{path}: is no checkpoint of a reader's training") from err
