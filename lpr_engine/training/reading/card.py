"""A model card for a reader that a training has just made."""

from __future__ import annotations

from collections.abc import Mapping

import yaml

import lpr_engine
from lpr_engine.training.reading.calibration import Calibration
from lpr_engine.training.reading.drawn import DRAWN
from lpr_engine.training.reading.options import Int8, ReaderOptions, ReaderPlan, Score

_TEMPLATE = """# Plate reader

Reads the text (A-Z, 0-9, ten characters at most) of one plate crop. Made by `lpr_engine` {version}.

Licence: {licence}

## Contract (fast-plate-ocr's format)
- Input `input`: uint8 (B, 48, 160, 3), RGB; the crop is stretched to that size (`reader.yaml`).
- Output `plate`: float32 (B, 10, 37), probabilities of `0-9A-Z_` for each slot; `_` pads.
{region_line}- Scaling, softmax and the temperature ({temperature:.3f}{fitted}) are inside the file.

## Data
{data}

## Figures on held-out crops
{figures}

{calibration}
{int8}
## Limits
- Latin letters and digits only. O and I look like 0 and 1 in most typefaces.
- Held-out crops were chosen by their text, so that no vehicle stands on both sides; cameras and
  places do. Judge the reader on pictures of other places too.
- Measured on the groups above; nothing is known of others.

## Training
{samples} samples seen in {steps} steps, from {start}, on {device}.

```yaml
{settings}```
"""


def write_card(
    options: ReaderOptions,
    plan: ReaderPlan,
    scores: Mapping[str, Score],
    calibration: Calibration,
    int8: Int8 | None = None,
) -> str:
    """Return the card's Markdown."""
    region_line = (
        f"- Output `region`: float32 (B, {plan.regions}), probabilities of the regions that "
        "`reader.yaml` names.\n"
    )
    return _TEMPLATE.format(
        version=lpr_engine.__version__,
        licence=options.licence,
        region_line=region_line if plan.regions else "",
        temperature=calibration.temperature,
        fitted=", fitted on the held-out crops" if calibration.fitted else ", not fitted",
        data="\n".join(_data(plan)),
        figures="\n".join(_figures(scores)),
        calibration="\n".join(_confidence(calibration)),
        int8="\n".join(_int8(int8)),
        samples=f"{plan.samples:,}",
        steps=plan.first,
        start=options.start or "random weights",
        device=plan.device,
        settings=yaml.safe_dump(options.described(), sort_keys=False),
    )


def _data(plan: ReaderPlan) -> list[str]:
    lines = ["| group | learnt from | held out |", "|---|---|---|"]
    lines += [
        f"| {group} | {plan.learnt.get(group, 0)} | {plan.judged.get(group, 0)} |"
        for group in sorted({*plan.learnt, *plan.judged})
    ]
    drawn = sum(plan.drawn.values())
    share = f"{plan.real_share:.0%} of each batch are crops, the rest drawn plates."
    countries = ", ".join(f"{name} {count:,}" for name, count in plan.drawn.items())
    return [*lines, "", f"Drawn plates: {drawn:,}" + (f" ({countries})." if drawn else "."), share]


def _figures(scores: Mapping[str, Score]) -> list[str]:
    if not scores:
        return ["No crops were held out: nothing was measured."]
    lines = ["Folded: O counts as 0 and I as 1.", ""]
    lines += ["| group | crops | exact | folded | region |", "|---|---|---|---|---|"]
    real = [_counts(score) for group, score in scores.items() if group != DRAWN]
    total = {"all": Score(*map(sum, zip(*real, strict=True)))} if real else {}
    drawn = {"drawn plates": scores[DRAWN]} if DRAWN in scores else {}
    crops = {group: score for group, score in scores.items() if group != DRAWN}
    for group, score in (crops | total | drawn).items():
        shares = [score.exact / score.crops, score.folded / score.crops]
        region = f"{score.regions_right / score.regions_known:.1%}" if score.regions_known else "-"
        cells = " | ".join(f"{share:.1%}" for share in shares)
        lines.append(f"| {group} | {score.crops} | {cells} | {region} |")
    return lines


def _counts(score: Score) -> tuple[int, ...]:
    return (score.crops, score.exact, score.folded, score.regions_known, score.regions_right)


def _confidence(calibration: Calibration) -> list[str]:
    filled = [one for one in calibration.bins if one.crops]
    if not filled:
        return []
    lines = ["| confidence of the whole text | crops | right |", "|---|---|---|"]
    for one in reversed(filled):
        share = one.right / one.crops
        lines.append(f"| {one.low:.2f} to {one.high:.2f} | {one.crops} | {share:.1%} |")
    return lines


def _int8(int8: Int8 | None) -> list[str]:
    return ["", "## In eight bits", f"`reader-int8.onnx`: {int8}.", ""] if int8 else []
