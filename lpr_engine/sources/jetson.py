"""CSI cameras through NVIDIA's `jetson_utils`, which only a Jetson has."""

from __future__ import annotations

import importlib
import importlib.metadata
import importlib.util
from types import ModuleType
from typing import Any

import cv2
import numpy as np

from lpr_engine.model.errors import SourceError, SourceRefusedError
from lpr_engine.model.pixels import Pixels
from lpr_engine.sources.address import Address
from lpr_engine.sources.capture import CaptureOpener, StreamLimits

_MODULE = "jetson_utils"
_NEEDED = ("videoSource", "cudaToNumpy", "cudaDeviceSynchronize")
_FOREIGN_AUTHOR = "Jai-Chang Park"
_FOREIGN = (
    "the installed `jetson_utils` is not NVIDIA's but an unrelated package of that name from "
    "PyPI; run `pip uninstall jetson-utils` and build NVIDIA's jetson-utils from source"
)
_CAPTURE_TIMEOUT_MS = 1000


def find_jetson_module() -> ModuleType | None:
    """NVIDIA's module, or None where there is none.

    Raises:
        SourceRefusedError: a module of that name is installed, but is another one.
    """
    if importlib.util.find_spec(_MODULE) is None:
        return None
    if _is_foreign_package():
        raise SourceRefusedError(_FOREIGN)
    try:
        module = importlib.import_module(_MODULE)
    except ImportError as err:
        raise SourceRefusedError(f"the installed `jetson_utils` cannot be loaded: {err}") from err
    if not all(hasattr(module, name) for name in _NEEDED):
        raise SourceRefusedError(_FOREIGN)
    return module


def jetson_opener(module: ModuleType, address: Address, limits: StreamLimits) -> CaptureOpener:
    """A function that opens the CSI sensor anew each time it is called."""
    wanted = {"width": 1920, "height": 1080, "fps": 30, **dict(address.options)}
    arguments = [
        f"--input-width={wanted['width']}",
        f"--input-height={wanted['height']}",
        f"--input-rate={wanted['fps']}",
    ]

    def open_capture() -> JetsonCapture:
        label = f"csi://{address.target}"
        try:
            source = module.videoSource(label, argv=arguments)
        except Exception as err:
            # The module raises nothing more specific.
            raise SourceError(f"{label}: the sensor is absent or busy: {err}") from err
        return JetsonCapture(module, source, label, limits.read_s)

    return open_capture


class JetsonCapture:
    """A `videoSource`; its pictures live in memory shared with the GPU until they are copied."""

    def __init__(self, module: Any, source: Any, label: str, read_s: float) -> None:
        self._module = module
        self._source = source
        self._label = label
        self._attempts = max(1, round(read_s * 1000 / _CAPTURE_TIMEOUT_MS))
        self._picture: Any = None

    def grab(self) -> bool:
        """Wait for the next frame, at most the read limit."""
        try:
            for _ in range(self._attempts):
                self._picture = self._source.Capture(format="rgb8", timeout=_CAPTURE_TIMEOUT_MS)
                if self._picture is not None:
                    return True
        except Exception as err:
            # The module raises nothing more specific.
            raise SourceError(f"{self._label}: the sensor failed: {err}") from err
        return False

    def retrieve(self) -> Pixels:
        """Copy the grabbed frame out of the shared memory, as BGR."""
        self._module.cudaDeviceSynchronize()
        shared = self._module.cudaToNumpy(self._picture)
        return np.asarray(cv2.cvtColor(shared, cv2.COLOR_RGB2BGR), dtype=np.uint8)

    def position_s(self) -> float | None:
        """A sensor is live."""
        return None

    def release(self) -> None:
        """Close the sensor."""
        self._picture = None
        self._source.Close()


def _is_foreign_package() -> bool:
    """Ask the package's metadata, so that foreign code need not run to be recognized."""
    try:
        author = importlib.metadata.metadata("jetson-utils").json.get("author", "")
    except importlib.metadata.PackageNotFoundError:
        return False
    return _FOREIGN_AUTHOR.lower() in str(author).lower()
