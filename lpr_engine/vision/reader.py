"""Plates read by a fast-plate-ocr network, with every character's probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import yaml
from fast_plate_ocr import LicensePlateRecognizer
from fast_plate_ocr.core.process import preprocess_image, resize_image
from fast_plate_ocr.core.types import ImageColorMode
from fast_plate_ocr.inference.config import PlateConfig
from numpy.typing import NDArray

from lpr_engine.model.errors import ModelError
from lpr_engine.model.observation import Crop, Reading
from lpr_engine.model.pixels import Pixels
from lpr_engine.vision.model_file import usable_file
from lpr_engine.vision.plate_config import check_config
from lpr_engine.vision.probabilities import as_probabilities
from lpr_engine.vision.runtime import RUNTIME_ERRORS, Provider, Runtime
from lpr_engine.vision.second_look import spelled

MAX_BATCH = 32


class FastPlateReader:
    """A `PlateReader`; crops of any size, batched."""

    def __init__(self, weights: Path, plate_config: Path, runtime: Runtime) -> None:
        """Open a network and the plate config it was trained with.

        Raises:
            ModelError: a file is missing or broken, or the two do not fit each other.
        """
        self._path = usable_file(weights)
        self._config_path = usable_file(plate_config)
        check_config(_parsed(plate_config), plate_config)
        self._recognizer: LicensePlateRecognizer = runtime.open(
            weights, self._open, lambda recognizer: recognizer.model
        )

    @property
    def config(self) -> PlateConfig:
        """The plate config: slots, alphabet, picture size."""
        return self._recognizer.config

    def read(self, crops: Sequence[Crop]) -> list[Reading]:
        """One reading for each crop, in order.

        Raises:
            ModelError: the network could not be run.
        """
        readings: list[Reading] = []
        for start in range(0, len(crops), self._batch):
            readings += self._read_batch(crops[start : start + self._batch])
        return readings

    def _read_batch(self, crops: Sequence[Crop]) -> list[Reading]:
        pictures = [self._prepared(self._recognizer, crop.pixels) for crop in crops]
        if self._batch_is_fixed:
            pictures += [np.zeros_like(pictures[0])] * (self._batch - len(crops))
        try:
            plates, *regions = self._run(self._recognizer, pictures)
        except RUNTIME_ERRORS as err:
            raise ModelError(f"{self._path}: could not be run: {err}") from err
        slots = as_probabilities(plates.reshape(len(pictures), self.config.max_plate_slots, -1))
        region_rows = as_probabilities(regions[0]) if regions else None
        return [
            self._reading(slots[row], None if region_rows is None else region_rows[row])
            for row in range(len(crops))
        ]

    def _reading(
        self, probabilities: NDArray[np.float32], regions: NDArray[np.float32] | None
    ) -> Reading:
        config = self.config
        region, confidence = None, 0.0
        if regions is not None and config.plate_regions:
            column = int(regions.argmax())
            region, confidence = config.plate_regions[column], float(regions[column])
        return Reading(
            text=spelled(probabilities, config.alphabet, config.pad_char),
            probabilities=probabilities,
            alphabet=config.alphabet,
            pad=config.pad_char,
            region=region,
            region_confidence=confidence,
        )

    def _prepared(self, recognizer: LicensePlateRecognizer, pixels: Pixels) -> Pixels:
        """A crop as the network takes it: uint8, shape (height, width, channels)."""
        code = cv2.COLOR_BGR2RGB if self._mode == "rgb" else cv2.COLOR_BGR2GRAY
        config = recognizer.config
        resized: Pixels = resize_image(
            cv2.cvtColor(pixels, code),
            config.img_height,
            config.img_width,
            image_color_mode=self._mode,
            keep_aspect_ratio=config.keep_aspect_ratio,
            interpolation_method=config.interpolation,
            padding_color=config.padding_color,
        )
        return resized

    def _run(
        self, recognizer: LicensePlateRecognizer, pictures: Sequence[Pixels]
    ) -> list[NDArray[np.floating]]:
        """Raw outputs, each of shape (n, values): characters and, with a region head, regions.

        The library's own `run` keeps only the best character's probability of each slot, so its
        session is run here, on what its preprocessing made.
        """
        batch = preprocess_image(np.stack(pictures)).astype(self._dtype, copy=False)
        names = [recognizer.plate_output_name]
        if recognizer.has_region_head:
            names.append(recognizer.region_output_name)
        outputs = recognizer.model.run(names, {self._input_name: batch})
        return [output.reshape(len(batch), -1) for output in outputs]

    def _open(self, providers: Sequence[Provider], options: Any) -> LicensePlateRecognizer:
        recognizer = LicensePlateRecognizer(
            providers=list(providers),
            sess_options=options,
            onnx_model_path=self._path,
            plate_config_path=self._config_path,
        )
        self._examine(recognizer)
        return recognizer

    def _examine(self, recognizer: LicensePlateRecognizer) -> None:
        """Check that network and plate config fit each other, by shapes and one trial run."""
        entry = recognizer.model.get_inputs()[0]
        config = recognizer.config
        shape = [side if isinstance(side, int) and side > 0 else None for side in entry.shape]
        expected = [config.img_height, config.img_width]
        if len(shape) != 4 or any(
            side not in (None, wanted) for side, wanted in zip(shape[1:3], expected, strict=True)
        ):
            raise self._misfit(f"the network takes {entry.shape}, the config gives {expected}")
        if shape[3] not in (1, 3, None):
            raise self._misfit(f"the network takes {shape[3]} colour channels")
        # Published configs leave the colour mode out even where their network needs colour.
        by_config = config.image_color_mode
        modes: dict[int | None, ImageColorMode] = {1: "grayscale", 3: "rgb"}
        self._mode = modes.get(shape[3], by_config)
        self._input_name = entry.name
        self._dtype = np.float32 if entry.type == "tensor(float)" else np.uint8
        self._batch_is_fixed = shape[0] is not None
        self._batch = shape[0] or MAX_BATCH
        self._try_once(recognizer)

    def _try_once(self, recognizer: LicensePlateRecognizer) -> None:
        config = recognizer.config
        blank = np.full((config.img_height, config.img_width, 3), 128, np.uint8)
        picture = self._prepared(recognizer, blank)
        copies = self._batch if self._batch_is_fixed else 1
        plates, *regions = self._run(recognizer, [picture] * copies)
        if plates.shape[1] != config.max_plate_slots * len(config.alphabet):
            raise self._misfit(
                f"the network puts out {plates.shape[1]} values for each plate, the config has "
                f"{config.max_plate_slots} slots of {len(config.alphabet)} characters"
            )
        if regions and regions[0].shape[1] != len(config.plate_regions or ()):
            raise self._misfit(
                f"the network knows {regions[0].shape[1]} regions, "
                f"the config has {len(config.plate_regions or ())}"
            )

    def _misfit(self, what: str) -> ModelError:
        return ModelError(f"{self._path} and {self._config_path} do not fit: {what}")


def _parsed(path: Path) -> object:
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as err:
        raise ModelError(f"{path}: plate config is no valid YAML: {err}") from err
