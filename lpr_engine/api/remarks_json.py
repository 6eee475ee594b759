"""What people say of passages as JSON."""

from __future__ import annotations

from lpr_engine.model.contract import JsonObject, format_time, passage_to_json
from lpr_engine.model.passage import Passage
from lpr_engine.model.passage_actions import CorrectedPassage, Remarks


def remarks_to_json(remarks: Remarks) -> JsonObject:
    """Tags, note, and what was read of a corrected passage."""
    note, corrected = remarks.note, remarks.corrected
    return {
        "tags": list(remarks.tags),
        "note": note
        and {
            "text": note.text,
            "noted_by": note.noted_by,
            "noted_at": format_time(note.noted_at),
        },
        "corrected": corrected
        and {
            "corrected_by": corrected.passage.corrected_by,
            "corrected_at": format_time(corrected.corrected_at),
            "read": _read_to_json(corrected.read),
        },
    }


def correction_to_json(corrected: CorrectedPassage) -> JsonObject:
    """A corrected passage beside what was read."""
    whole = passage_to_json(corrected.passage)
    names = ("id", "revision", "camera", "last_seen", "text", "display", "region", "crop")
    return {
        **{name: whole[name] for name in names},
        "corrected_by": corrected.passage.corrected_by,
        "corrected_at": format_time(corrected.corrected_at),
        "read": _read_to_json(corrected.read),
    }


def _read_to_json(read: Passage) -> JsonObject:
    whole = passage_to_json(read)
    names = ("text", "display", "confidence", "characters", "alternatives")
    return {name: whole[name] for name in names}
