"""NVIDIA Jetson figures from the optional `jetson-stats` service, where it is installed."""

from __future__ import annotations

import importlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_LOGGER = logging.getLogger(__name__)

_MODULE = "jtop"
_OFFLINE_C = -256
_FAILURES = (OSError, EOFError, AttributeError, LookupError, TypeError, ValueError, RuntimeError)


@dataclass(frozen=True, slots=True)
class JetsonFigures:
    """What the service tells; None where it does not."""

    temperature_c: float | None = None
    gpu_percent: float | None = None
    power_w: float | None = None


class JetsonStats:
    """A connection to `jtop`, made at the first reading and given up for good if that fails."""

    def __init__(self) -> None:
        self._client: Any = None
        self._is_tried = False
        self._failures: tuple[type[Exception], ...] = ()

    def read(self) -> JetsonFigures:
        """The service's current figures; nothing at all where there is no service."""
        if not self._is_tried:
            self._is_tried = True
            self._connect()
        if self._client is None:
            return JetsonFigures()
        try:
            return figures_from(self._client)
        except self._failures as err:
            _LOGGER.warning("jetson-stats stopped answering: %s", err)
            self.close()
            return JetsonFigures()

    def close(self) -> None:
        """Let go of the service."""
        client, self._client = self._client, None
        if client is not None:
            client.close()

    def _connect(self) -> None:
        try:
            module = importlib.import_module(_MODULE)
        except ImportError:
            return
        # A client whose version does not fit the service's raises JtopException.
        self._failures = (*_FAILURES, getattr(module, "JtopException", OSError))
        try:
            client = module.jtop()
            client.start()
        except self._failures as err:
            _LOGGER.info("jetson-stats is installed but does not answer: %s", err)
            return
        self._client = client


def figures_from(client: Any) -> JetsonFigures:
    """Read jtop's tables: degrees, percent of load, milliwatts."""
    return JetsonFigures(
        temperature_c=_hottest(client.temperature),
        gpu_percent=max((gpu["status"]["load"] for gpu in client.gpu.values()), default=None),
        power_w=_total_w(client.power),
    )


def _hottest(zones: Mapping[str, Mapping[str, Any]]) -> float | None:
    online = (zone["temp"] for zone in zones.values() if zone.get("online", True))
    return max((value for value in online if value > _OFFLINE_C), default=None)


def _total_w(power: Mapping[str, Any]) -> float | None:
    milliwatts = power.get("tot", {}).get("power")
    return None if milliwatts is None else milliwatts / 1000
