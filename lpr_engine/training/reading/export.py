"""A trained reader as the two files that the engine opens: ONNX and plate config."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
import yaml
from onnx import helper
from torch import Tensor, nn
from torch.nn import functional

from lpr_engine.model.errors import LprError
from lpr_engine.training.reading.crops import CropSet
from lpr_engine.training.reading.feed import encode
from lpr_engine.training.reading.network import ALPHABET, INPUT_SIZE, PAD, SLOTS, PlateReader
from lpr_engine.training.reading.options import ReaderFiles
from lpr_engine.training.reading.score import logits_of

_OPSET = 17
_MOST_DIFFERENCE = 1e-3
INPUT, OUTPUT = "input", "plate"


class ReaderExportError(LprError):
    """The exported file does not answer as the trained network does."""

    code = "reader_export_failed"


class _Deployed(nn.Module):  # type: ignore[misc, unused-ignore]  # Any without torch
    """The reader with all that belongs into the file: layout, scale, temperature, softmax."""

    def __init__(self, network: PlateReader, temperature: float) -> None:
        super().__init__()
        self.network, self.temperature = network, temperature

    def forward(self, pictures: Tensor) -> Tensor:
        logits, _ = self.network(pictures.permute(0, 3, 1, 2).float())
        return torch.as_tensor(logits / self.temperature).softmax(-1)


def fit_temperature(network: PlateReader, crops: CropSet) -> float:
    """The temperature at which the probabilities of held-out crops fit best (Guo et al. 2017)."""
    logits = logits_of(network, crops.images).flatten(0, 1)
    labels = torch.tensor([encode(text) for text in crops.texts]).flatten()
    candidates = torch.linspace(0.4, 3.0, 105)
    losses = [float(functional.cross_entropy(logits / t, labels)) for t in candidates]
    return float(candidates[int(np.argmin(losses))])


def export_reader(network: PlateReader, folder: Path, temperature: float) -> ReaderFiles:
    """Write `reader.onnx` (uint8 NHWC in, probabilities out) and `reader.yaml` beside it.

    Raises:
        ReaderExportError: the file's answers differ from the network's.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = ReaderFiles(folder / "reader.onnx", folder / "reader.yaml")
    deployed = _Deployed(network.eval(), temperature).eval()
    fresh = files.weights.with_suffix(".new.onnx")
    _trace(deployed, fresh)
    model = onnx.load(fresh)
    helper.set_model_props(model, {"license": "AGPL-3.0-only", "temperature": f"{temperature:.4f}"})
    onnx.checker.check_model(model)
    onnx.save(model, fresh)
    _check(deployed, fresh)
    fresh.replace(files.weights)
    files.plate_config.write_text(yaml.safe_dump(plate_config(), sort_keys=False), encoding="utf-8")
    return files


def plate_config() -> dict[str, object]:
    """fast-plate-ocr's plate config of this network."""
    return {
        "max_plate_slots": SLOTS,
        "alphabet": ALPHABET,
        "pad_char": PAD,
        "img_height": INPUT_SIZE[0],
        "img_width": INPUT_SIZE[1],
        "keep_aspect_ratio": False,
        "interpolation": "area",
        "image_color_mode": "rgb",
    }


def _trace(deployed: nn.Module, path: Path) -> None:
    with warnings.catch_warnings(), torch.inference_mode():
        # The TorchScript exporter warns about itself; it is the one that folds normalisation.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            deployed,
            (torch.zeros((2, *INPUT_SIZE, 3), dtype=torch.uint8),),
            str(path),
            opset_version=_OPSET,
            input_names=[INPUT],
            output_names=[OUTPUT],
            dynamic_axes={INPUT: {0: "batch"}, OUTPUT: {0: "batch"}},
            dynamo=False,
        )


def _check(deployed: nn.Module, path: Path) -> None:
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    generator = np.random.default_rng(0)
    for count in (1, 3):
        pictures = generator.integers(0, 256, (count, *INPUT_SIZE, 3), dtype=np.uint8)
        with torch.inference_mode():
            wanted = deployed(torch.from_numpy(pictures)).numpy()
        got = np.asarray(session.run([OUTPUT], {INPUT: pictures})[0])
        difference = (
            float(np.abs(got - wanted).max()) if got.shape == wanted.shape else float("inf")
        )
        if difference > _MOST_DIFFERENCE:
            raise ReaderExportError(f"{path}: differs from the network by {difference:.5f}")
