"""A trained reader as the two files that the engine opens: ONNX and plate config."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
import yaml
from numpy.typing import NDArray
from onnx import helper
from torch import Tensor, nn

from lpr_engine.model.errors import LprError
from lpr_engine.training.reading.network import ALPHABET, INPUT_SIZE, PAD, SLOTS, PlateReader
from lpr_engine.training.reading.options import ReaderFiles
from lpr_engine.training.reading.starting import write_start

_OPSET = 17
_MOST_DIFFERENCE = 1e-3
INPUT, OUTPUT, REGION_OUTPUT = "input", "plate", "region"


class ReaderExportError(LprError):
    """The exported file does not answer as the trained network does."""

    code = "reader_export_failed"


class _Deployed(nn.Module):  # type: ignore[misc, unused-ignore]  # Any without torch
    """The reader with all that belongs into the file: layout, scale, temperature, softmax."""

    def __init__(self, network: PlateReader, temperature: float) -> None:
        super().__init__()
        self.network, self.temperature = network, temperature

    def forward(self, pictures: Tensor) -> tuple[Tensor, ...]:
        seen = self.network(pictures.permute(0, 3, 1, 2).float())
        characters = (seen.characters / self.temperature).softmax(-1)
        return (characters,) if seen.regions is None else (characters, seen.regions.softmax(-1))


def export_reader(network: PlateReader, folder: Path, temperature: float) -> ReaderFiles:
    """Write `reader.onnx` (uint8 NHWC in, probabilities out), `reader.yaml` and start weights.

    Raises:
        ReaderExportError: the file's answers differ from the network's.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = ReaderFiles(folder / "reader.onnx", folder / "reader.yaml", folder / "reader-start.npz")
    deployed = _Deployed(network.eval(), temperature).eval()
    fresh = files.weights.with_suffix(".new.onnx")
    outputs = [OUTPUT, REGION_OUTPUT] if network.regions else [OUTPUT]
    _trace(deployed, fresh, outputs)
    model = onnx.load(fresh)
    helper.set_model_props(model, {"license": "AGPL-3.0-only", "temperature": f"{temperature:.4f}"})
    onnx.checker.check_model(model)
    onnx.save(model, fresh)
    _check(deployed, fresh, outputs)
    fresh.replace(files.weights)
    config = yaml.safe_dump(plate_config(network.regions), sort_keys=False)
    files.plate_config.write_text(config, encoding="utf-8")
    write_start(network, files.start)
    return files


def plate_config(regions: tuple[str, ...] = ()) -> dict[str, object]:
    """fast-plate-ocr's plate config of this network."""
    named = {"plate_regions": list(regions)} if regions else {}
    return {
        "max_plate_slots": SLOTS,
        "alphabet": ALPHABET,
        "pad_char": PAD,
        "img_height": INPUT_SIZE[0],
        "img_width": INPUT_SIZE[1],
        "keep_aspect_ratio": False,
        "interpolation": "area",
        "image_color_mode": "rgb",
        **named,
    }


def _trace(deployed: nn.Module, path: Path, outputs: list[str]) -> None:
    with warnings.catch_warnings(), torch.inference_mode():
        # The TorchScript exporter warns about itself; it is the one that folds normalisation.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            deployed,
            (torch.zeros((2, *INPUT_SIZE, 3), dtype=torch.uint8),),
            str(path),
            opset_version=_OPSET,
            input_names=[INPUT],
            output_names=outputs,
            dynamic_axes={name: {0: "batch"} for name in (INPUT, *outputs)},
            dynamo=False,
        )


def _check(deployed: nn.Module, path: Path, outputs: list[str]) -> None:
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    generator = np.random.default_rng(0)
    for count in (1, 3):
        pictures = generator.integers(0, 256, (count, *INPUT_SIZE, 3), dtype=np.uint8)
        with torch.inference_mode():
            wanted = [output.numpy() for output in deployed(torch.from_numpy(pictures))]
        given = session.run(outputs, {INPUT: pictures})
        for name, got, want in zip(outputs, given, wanted, strict=True):
            _compare(path, name, np.asarray(got), want)


def _compare(path: Path, name: str, got: NDArray[np.float32], wanted: NDArray[np.float32]) -> None:
    if got.shape != wanted.shape:
        raise ReaderExportError(f"{path}: output {name} has shape {got.shape}, not {wanted.shape}")
    difference = float(np.abs(got - wanted).max())
    if difference > _MOST_DIFFERENCE:
        raise ReaderExportError(
            f"{path}: output {name} differs from the network by {difference:.5f}"
        )
