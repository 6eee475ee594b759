"""The bundled clip and the configuration that plays it."""

from __future__ import annotations

from pathlib import Path

import lpr_engine
from lpr_engine.config.sections import (
    ApiSection,
    BackupSection,
    CameraSection,
    Configuration,
    EngineSection,
    StorageSection,
    TrackingSection,
)
from lpr_engine.model.geometry import DirectionLine

SAMPLE_CLIP = Path(lpr_engine.__file__).parent / "samples" / "street.mp4"


def sample_configuration(folder: Path, clip: Path = SAMPLE_CLIP, port: int = 8099) -> Configuration:
    """One camera `street` that plays the clip once at its own speed, results kept in `folder`."""
    street = CameraSection(
        id="street",
        source=str(clip.absolute()),
        name="Street",
        direction_line=DirectionLine((0.0, 0.65), (1.0, 0.65)),
    )
    return Configuration(
        engine=EngineSection(id="demo", name="LPR demo"),
        cameras=(street,),
        tracking=TrackingSection(countries=("DE", "GB", "US")),
        storage=StorageSection(directory=folder),
        backup=BackupSection(directory=folder / "backups"),
        api=ApiSection(port=port),
    )
