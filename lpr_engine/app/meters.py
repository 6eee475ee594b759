"""Several meters read as one."""

from __future__ import annotations

from dataclasses import dataclass

from lpr_engine.model.ports import StageMeter


@dataclass(frozen=True, slots=True)
class Meters:
    """Hands each duration to every meter."""

    meters: tuple[StageMeter, ...]

    def observe(self, stage: str, elapsed_ms: float) -> None:
        """Count one duration of a stage, in milliseconds."""
        for meter in self.meters:
            meter.observe(stage, elapsed_ms)
