"""A trained reader's eight-bit copy, measured beside it."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from lpr_engine.training.quantization import QuantizationError
from lpr_engine.training.reading.cost import crop_ms
from lpr_engine.training.reading.int8 import drawn_crops, write_int8
from lpr_engine.training.reading.material import Material
from lpr_engine.training.reading.options import Int8, Int8Copy, Int8Refused, ReaderFiles
from lpr_engine.vision.reader import FastPlateReader
from lpr_engine.vision.runtime import Runtime


def int8_copy(files: ReaderFiles, material: Material, out: Path, seed: int) -> Int8:
    """Write the copy to `out` and measure both, or say why none was kept.

    Raises:
        TrainingDataError: a crop can no longer be decoded.
    """
    out.unlink(missing_ok=True)  # an earlier one is of other weights
    learnt, judged = material.learnt.files, material.judged.files
    try:
        score = write_int8(files.weights, files.plate_config, out, learnt, judged, seed)
    except QuantizationError as err:
        return Int8Refused(str(err))
    before, after = files.weights, out
    return Int8Copy(
        weights=out,
        pictures=score.pictures,
        size_bytes=(before.stat().st_size, after.stat().st_size),
        crop_ms=(_crop_ms(before, files.plate_config), _crop_ms(after, files.plate_config)),
        exact=(score.exact, score.int8_exact),
    )


def _crop_ms(weights: Path, plate_config: Path) -> float:
    reader = FastPlateReader(weights, plate_config, Runtime("cpu", threads=1))
    return crop_ms(reader, drawn_crops(1, np.random.default_rng(1)), 1)
