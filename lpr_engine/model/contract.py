"""Passages as JSON, version 1 of the contract that MQTT, HTTP and foreign programs share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any, TypeAlias

from lpr_engine.model.geometry import Box
from lpr_engine.model.passage import Alternative, Direction, Passage, Reason, Stage, Verdict

CONTRACT_VERSION = 1
LATE_AFTER = timedelta(seconds=10)

JsonObject: TypeAlias = dict[str, Any]


def format_time(moment: datetime) -> str:
    """RFC 3339, UTC, milliseconds: `2026-01-31T12:00:00.000Z`."""
    utc = moment.astimezone(timezone.utc).replace(tzinfo=None)
    return utc.isoformat(timespec="milliseconds") + "Z"


def parse_time(text: str) -> datetime:
    """Read what `format_time` wrote.

    Raises:
        ValueError: the text is no such time.
    """
    # In JSON from elsewhere the field may be of any type, which no text of a time spells.
    moment = datetime.fromisoformat(str(text).replace("Z", "+00:00"))
    if moment.tzinfo is None:
        raise ValueError(f"time without an offset: {text}")
    return moment.astimezone(timezone.utc)


def is_late(passage: Passage, now: datetime) -> bool:
    """Whether a revision that is told of now is no longer news, so that nothing may open by it.

    A passage of the future is late too: the host's clock went back since, so its age is unknown.
    A correction is a person's word and no sight at all, however soon it comes.
    """
    return passage.corrected_by is not None or abs(now - passage.last_seen) > LATE_AFTER


def passage_to_json(
    passage: Passage, *, late: bool = False, redelivered: bool = False
) -> JsonObject:
    """One revision as the contract's object, ready for `json.dumps`."""
    return {
        "contract": CONTRACT_VERSION,
        "id": passage.id,
        "sequence": passage.sequence,
        "revision": passage.revision,
        "stage": passage.stage.value,
        "late": late,
        "redelivered": redelivered,
        "engine": passage.engine,
        "camera": passage.camera,
        "text": passage.text,
        "display": passage.display,
        "confidence": round(passage.confidence, 4),
        "characters": [[sign, round(value, 4)] for sign, value in passage.characters],
        "alternatives": [
            {"text": other.text, "confidence": round(other.confidence, 4)}
            for other in passage.alternatives
        ],
        "region": passage.region,
        "first_seen": format_time(passage.first_seen),
        "last_seen": format_time(passage.last_seen),
        "readings": passage.readings,
        "direction": passage.direction.value,
        "zone": passage.zone,
        "box": [round(edge, 5) for edge in passage.box.as_tuple()],
        "verdict": verdict_to_json(passage.verdict),
        "corrected_by": passage.corrected_by,
        "crop": passage.crop,
        "frame": passage.frame,
    }


def passage_from_json(data: Mapping[str, Any]) -> Passage:
    """Read a passage back from the contract's object.

    Raises:
        ValueError, KeyError, TypeError: a field is missing or of the wrong form.
    """
    if data["contract"] != CONTRACT_VERSION:
        raise ValueError(f"contract {data['contract']!r} is not {CONTRACT_VERSION}")
    return Passage(
        id=data["id"],
        revision=data["revision"],
        stage=Stage(data["stage"]),
        engine=data["engine"],
        camera=data["camera"],
        text=data["text"],
        confidence=data["confidence"],
        characters=tuple((sign, value) for sign, value in data["characters"]),
        first_seen=parse_time(data["first_seen"]),
        last_seen=parse_time(data["last_seen"]),
        readings=data["readings"],
        box=Box(*data["box"]),
        alternatives=tuple(
            Alternative(other["text"], other["confidence"]) for other in data["alternatives"]
        ),
        display=data["display"],
        region=data["region"],
        direction=Direction(data["direction"]),
        zone=data["zone"],
        verdict=_verdict_from_json(data["verdict"]),
        corrected_by=data["corrected_by"],
        sequence=data["sequence"],
        crop=data["crop"],
        frame=data["frame"],
    )


def verdict_to_json(verdict: Verdict) -> JsonObject:
    """A verdict as the contract's object."""
    return {
        "list": verdict.list_name,
        "vehicle": verdict.vehicle,
        "open": verdict.open,
        "reasons": [
            {"check": reason.check, "passed": reason.passed, "detail": reason.detail}
            for reason in verdict.reasons
        ],
    }


def _verdict_from_json(data: Mapping[str, Any]) -> Verdict:
    return Verdict(
        list_name=data["list"],
        vehicle=data["vehicle"],
        open=data["open"],
        reasons=tuple(
            Reason(reason["check"], reason["passed"], reason["detail"])
            for reason in data["reasons"]
        ),
    )
