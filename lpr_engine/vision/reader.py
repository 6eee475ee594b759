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
from lpr_engine.vision.enlarging import enlarged
from lpr_engine.vision.model_file import usable_file
from lpr_engine.vision.network_fit import fixed_sides, input_misfit, output_misfit
from lpr_engine.vision.pixel_layout import as_pixels, thickened
from lpr_engine.vision.plate_config import check_config
from lpr_engine.vision.probabilities import as_probabilities
from lpr_engine.vision.runtime import RUNTIME_ERRORS, Provider, Runtime
from lpr_engine.vision.second_look import spelled

MAX_BATCH = 32

_NAMED_REGIONS = 5
_LEAST_REGION = 0.01


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
        region_rows = as_probabilities(regions[0].reshape(len(pictures), -1)) if regions else None
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
            regions=named_regions(regions, config.plate_regions),
        )

    def _prepared(self, recognizer: LicensePlateRecognizer, pixels: Pixels) -> Pixels:
        """A crop as the network takes it: uint8, shape (height, width, channels)."""
        code = cv2.COLOR_BGR2RGB if self._mode == "rgb" else cv2.COLOR_BGR2GRAY
        config = recognizer.config
        shown = as_pixels(pixels)
        if config.keep_aspect_ratio:
            shown = thickened(shown, config.img_height, config.img_width)
        coloured = np.asarray(cv2.cvtColor(shown, code), np.uint8)
        if config.interpolation == "area":
            coloured = enlarged(
                coloured,
                config.img_height,
                config.img_width,
                keeps_aspect=config.keep_aspect_ratio,
            )
        resized: Pixels = resize_image(
            coloured,
            config.img_height,
            config.img_width,
            image_color_mode=self._mode,
            keep_aspect_ratio=config.keep_aspect_ratio,
            interpolation_method=config.interpolation,
            padding_color=_colour(config.padding_color),
        )
        return resized

    def _run(
        self, recognizer: LicensePlateRecognizer, pictures: Sequence[Pixels]
    ) -> list[NDArray[np.floating]]:
        """Raw outputs, first axis the batch: characters and, with a region head, regions.

        The library's own `run` keeps only the best character's probability of each slot, so its
        session is run here, on what its preprocessing made.
        """
        batch = preprocess_image(np.stack(pictures)).astype(self._dtype, copy=False)
        names = [recognizer.plate_output_name]
        if recognizer.has_region_head:
            names.append(recognizer.region_output_name)
        return list(recognizer.model.run(names, {self._input_name: batch}))

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
        inputs, config = recognizer.model.get_inputs(), recognizer.config
        if problem := input_misfit(inputs, config):
            raise self._misfit(problem)
        shape = fixed_sides(inputs[0].shape)
        # Published configs leave the colour mode out even where their network needs colour.
        by_config = config.image_color_mode
        modes: dict[int | None, ImageColorMode] = {1: "grayscale", 3: "rgb"}
        self._mode = modes.get(shape[3], by_config)
        self._input_name = inputs[0].name
        self._dtype = np.float32 if inputs[0].type == "tensor(float)" else np.uint8
        self._batch_is_fixed = shape[0] is not None
        self._batch = shape[0] or MAX_BATCH
        self._try_once(recognizer)

    def _try_once(self, recognizer: LicensePlateRecognizer) -> None:
        config = recognizer.config
        blank = np.full((config.img_height, config.img_width, 3), 128, np.uint8)
        picture = self._prepared(recognizer, blank)
        copies = self._batch if self._batch_is_fixed else 1
        plates, *regions = self._run(recognizer, [picture] * copies)
        shape = regions[0].shape if regions else None
        tells_regions = recognizer.region_output_name is not None
        if problem := output_misfit(plates.shape, shape, tells_regions, config):
            raise self._misfit(problem)

    def _misfit(self, what: str) -> ModelError:
        return ModelError(f"{self._path} and {self._config_path} do not fit: {what}")


def named_regions(
    chances: NDArray[np.float32] | None, names: Sequence[str] | None
) -> tuple[tuple[str, float], ...]:
    """The few likely regions, best first, and what is left for countries of which parts are known.

    `US-CA` 0.4, `US` 0.5: half of all chance is spread over the other states.
    """
    if chances is None or not names:
        return ()
    order = [int(at) for at in np.argsort(-chances, kind="stable")]
    named = {names[at]: float(chances[at]) for at in order[:_NAMED_REGIONS]}
    for at in order[_NAMED_REGIONS:]:
        country, dash, _ = names[at].partition("-")
        if dash:
            named[country] = named.get(country, 0.0) + float(chances[at])
    best = sorted(named.items(), key=lambda pair: -pair[1])
    return tuple(pair for pair in best if pair[1] >= _LEAST_REGION) or tuple(best[:1])


def _colour(padding: Any) -> int | tuple[int, int, int]:
    """A plate config's padding colour as the library wants it: YAML has lists, no tuples."""
    if isinstance(padding, int):
        return padding
    red, green, blue = padding
    return red, green, blue


def _parsed(path: Path) -> object:
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as err:
        raise ModelError(f"{path}: plate config is no valid YAML: {err}") from err
