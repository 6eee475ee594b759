"""A model card for a detector that a training has just made."""

from __future__ import annotations

import yaml

from lpr_engine.training.detection.dataset import Dataset
from lpr_engine.training.detection.labels import LabelledPicture
from lpr_engine.training.detection.settings import DetectorTraining
from lpr_engine.training.detection.validation import DetectorScore

_TEMPLATE = """# Plate detector

YOLOv5n with an anchor-free head and one class (license plate), trained with `lpr_engine`.

Licence: AGPL-3.0, as the network's definition (ultralytics) is; the training data may add terms.

## Contract
- Input `images`: float32 (B, 3, H, W), RGB, 0..1; H and W multiples of 32, padded with grey 114.
- Output `output0`: float32 (B, 5, N): centre x, centre y, width, height in input pixels, score.
  Overlapping boxes still need suppression.
- Weights are stored as float16 behind Cast nodes and computed with as float32.

## Data
{data}

## Figures on the validation pictures ({size} px)
| AP50 | AP75 | recall (IoU 0.5) | recall (IoU 0.7) | precision |
|---|---|---|---|---|
| {score} |

Recall and precision at a score of 0.25.

## Settings
```yaml
{settings}```
"""


def write_card(training: DetectorTraining, dataset: Dataset, score: DetectorScore) -> str:
    """Return the card's Markdown."""
    figures = (
        score.average_precision_50,
        score.average_precision_75,
        score.recall,
        score.recall_tight,
        score.precision,
    )
    return _TEMPLATE.format(
        data="\n".join(_data_lines(dataset)),
        size=training.schedule.validation_size_px,
        score=" | ".join(f"{value:.3f}" for value in figures),
        settings=yaml.safe_dump(training.described(), sort_keys=False),
    )


def _data_lines(dataset: Dataset) -> list[str]:
    lines = [
        f"- {name}: {len(items)} pictures with {_plates(items)} plates"
        for name, items in (("training", dataset.train), ("validation", dataset.validation))
    ]
    lines.append(f"- negatives: {len(dataset.negatives)} pictures")
    lines += [f"- crops to paste, {name}: {len(crops)}" for name, crops in dataset.crops.items()]
    return lines


def _plates(items: list[LabelledPicture]) -> int:
    return sum(len(item.boxes_xyxy) for item in items)
