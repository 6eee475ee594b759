"""From the configuration's section to a detector, a cropper and a reader that are ready."""

from __future__ import annotations

from pathlib import Path

from lpr_engine.config.sections import ModelsSection
from lpr_engine.model.errors import ModelError
from lpr_engine.model.ports import PlateDetector
from lpr_engine.vision.catalogue import ModelKind
from lpr_engine.vision.closer_look import CloserLookDetector
from lpr_engine.vision.cropper import LooseCropper
from lpr_engine.vision.detector import OnnxDetector
from lpr_engine.vision.reader import FastPlateReader
from lpr_engine.vision.registry import ModelRegistry
from lpr_engine.vision.runtime import Runtime
from lpr_engine.vision.second_look import SecondLookReader
from lpr_engine.vision.sight import PlateVision
from lpr_engine.vision.tiling import TiledDetector
from lpr_engine.vision.ultralytics_detector import SUFFIXES, UltralyticsDetector

AUTO = "auto"
"""Instead of a model's name: the bundled one, in the form that is fastest here."""


def open_vision(section: ModelsSection) -> PlateVision:
    """Everything that looks at pictures, as configured.

    Raises:
        ModelError: a model is missing or broken, or does not fit.
    """
    registry = ModelRegistry(section.cache_dir)
    runtime = Runtime(section.provider, section.threads, section.cache_dir)
    return PlateVision(
        open_detector(section, registry, runtime),
        LooseCropper(),
        SecondLookReader(open_reader(section, registry, runtime)),
    )


def open_detector(
    section: ModelsSection, registry: ModelRegistry, runtime: Runtime
) -> PlateDetector:
    """The configured detector, with the closer look and tiles around it if they are wanted.

    Raises:
        ModelError: the model is missing or broken, or is no plate detector.
    """
    weights = registry.resolve(
        _model_name(section.detector, "detector", runtime), ModelKind.DETECTOR
    ).weights
    network = _network(weights, section, runtime)
    detector: PlateDetector = network
    # A network of fixed size would see a small part at the price of a whole picture.
    if section.closer_look and isinstance(network, OnnxDetector) and not network.is_fixed:
        detector = CloserLookDetector(network)
    return TiledDetector(detector, network.input_size) if section.tiling else detector


def open_reader(
    section: ModelsSection, registry: ModelRegistry, runtime: Runtime
) -> FastPlateReader:
    """The configured reader.

    Raises:
        ModelError: the model is missing or broken, or does not fit its plate config.
    """
    name = _model_name(section.reader, "reader", runtime)
    paths = registry.resolve(name, ModelKind.READER, section.plate_config)
    if paths.plate_config is None:
        raise ModelError(f"reader {name!r} comes without a plate config; name one")
    return FastPlateReader(paths.weights, paths.plate_config, runtime)


def _model_name(wanted: str, bundled: str, runtime: Runtime) -> str:
    """Eight bits are faster on processors, half precision on everything else."""
    if wanted != AUTO:
        return wanted
    return f"{bundled}-int8" if runtime.candidates()[0] == "cpu" else bundled


def _network(
    weights: Path, section: ModelsSection, runtime: Runtime
) -> OnnxDetector | UltralyticsDetector:
    if weights.suffix in SUFFIXES:
        return UltralyticsDetector(
            weights, confidence=section.confidence, input_size=section.input_size
        )
    return OnnxDetector(
        weights, runtime, confidence=section.confidence, input_size=section.input_size
    )
