"""How `lpr-engine read` shows what it read: JSON lines, readable lines, annotated pictures."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from lpr_engine.app.reading import ClipPassage, PictureRead, PlateRead
from lpr_engine.model.contract import JsonObject
from lpr_engine.model.passage import Alternative
from lpr_engine.model.pixels import Pixels
from lpr_engine.vision.annotation import Caption, draw

_SURE = 0.9


def write_json(data: JsonObject) -> None:
    """One object, one line, at once: whoever reads the pipe need not wait for the next."""
    sys.stdout.write(json.dumps(data, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def picture_to_json(found: PictureRead) -> JsonObject:
    """The object that stands for one picture."""
    height, width = found.pixels.shape[:2]
    return {
        "image": str(found.path),
        "width": width,
        "height": height,
        "elapsed_ms": round(found.elapsed_ms, 1),
        "plates": [_plate_to_json(plate) for plate in found.plates],
    }


def passage_to_json(found: ClipPassage) -> JsonObject:
    """The object that stands for one passage of a clip; its box is that in the best frame."""
    passage, frame = found.passage, found.evidence
    return {
        "image": str(found.path),
        "width": frame.width,
        "height": frame.height,
        "text": passage.text,
        "confidence": round(passage.confidence, 4),
        "characters": _characters(passage.characters),
        "alternatives": _alternatives(passage.alternatives),
        "box_xyxy": _rounded(passage.box.scaled(frame.width, frame.height).as_tuple()),
        "region": passage.region,
        "first_seen_s": round(found.first_seen_s, 3),
        "last_seen_s": round(found.last_seen_s, 3),
        "frames": passage.readings,
        "direction": passage.direction.value,
    }


def print_picture(out: Console, found: PictureRead) -> None:
    """One line a plate, or one that says that there is none."""
    if not found.plates:
        out.print(Text(f"{found.path}  no plate", "dim"))
    for plate in found.plates:
        out.print(_line(str(found.path), plate.text, plate.confidence, plate.alternatives))


def print_passage(out: Console, found: ClipPassage) -> None:
    """One line a passage."""
    passage = found.passage
    shown = _line(str(found.path), passage.text, passage.confidence, passage.alternatives)
    seconds = f"  {found.first_seen_s:.1f}-{found.last_seen_s:.1f} s"
    shown.append(f"{seconds}  {passage.readings} frames  {passage.direction.value}", "dim")
    out.print(shown)


def annotated_picture(found: PictureRead) -> Pixels:
    """The picture with each plate's box and text."""
    return draw(
        found.pixels,
        [Caption(plate.box, plate.text, plate.confidence) for plate in found.plates],
    )


def annotated_passage(found: ClipPassage) -> Pixels:
    """The passage's best frame with its box and text."""
    frame, passage = found.evidence, found.passage
    box = passage.box.scaled(frame.width, frame.height)
    return draw(frame.pixels, [Caption(box, passage.text, passage.confidence)])


def _plate_to_json(plate: PlateRead) -> JsonObject:
    return {
        "text": plate.text,
        "confidence": round(plate.confidence, 4),
        "characters": _characters(plate.characters),
        "alternatives": _alternatives(plate.alternatives),
        "box_xyxy": _rounded(plate.box.as_tuple()),
        "region": plate.region,
    }


def _characters(characters: Sequence[tuple[str, float]]) -> list[list[object]]:
    return [[sign, round(value, 4)] for sign, value in characters]


def _alternatives(alternatives: Sequence[Alternative]) -> list[JsonObject]:
    return [{"text": one.text, "confidence": round(one.confidence, 4)} for one in alternatives]


def _rounded(edges: Sequence[float]) -> list[float]:
    return [round(edge, 1) for edge in edges]


def _line(path: str, text: str, confidence: float, alternatives: Sequence[Alternative]) -> Text:
    line = Text(f"{path}  ", "dim")
    line.append(f"{text:<10}", "bold")
    line.append(f"  {confidence:>4.0%}", "green" if confidence >= _SURE else "yellow")
    if alternatives and confidence < _SURE:
        line.append("  or " + ", ".join(other.text for other in alternatives[:2]), "dim")
    return line
