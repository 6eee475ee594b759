"""What a subscriber wants to hear of, and from where on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from lpr_engine.api.body import parse_json
from lpr_engine.api.problem import RequestError
from lpr_engine.api.schemas.events import WISH
from lpr_engine.api.validation import Validator
from lpr_engine.model.passage import Passage, Stage

_VALIDATOR: Final = Validator(WISH, {})


class Kind(Enum):
    """What may be told of."""

    PASSAGE = "passage"
    CAMERA = "camera"
    HEALTH = "health"


@dataclass(frozen=True, slots=True)
class Wish:
    """None lets everything through; `lists` holds None for plates that are on no list."""

    kinds: frozenset[Kind] | None = None
    cameras: frozenset[str] | None = None
    stages: frozenset[Stage] | None = None
    lists: frozenset[str | None] | None = None
    resume_after: int | None = None

    def covers(self, kind: Kind, camera: str | None = None) -> bool:
        """Whether something of that kind is wanted, of that camera if it is of one."""
        of_kind = self.kinds is None or kind in self.kinds
        return of_kind and (camera is None or self.cameras is None or camera in self.cameras)

    def covers_passage(self, passage: Passage) -> bool:
        """Whether a passage is wanted."""
        return (
            self.covers(Kind.PASSAGE, passage.camera)
            and (self.stages is None or passage.stage in self.stages)
            and (self.lists is None or passage.verdict.list_name in self.lists)
        )


def read_wish(message: str) -> Wish:
    """What a subscriber's first message says.

    Raises:
        RequestError: it is not as the contract has it.
    """
    data = parse_json(message.encode("utf-8", "surrogatepass"))
    faults = _VALIDATOR.faults(data, "message")
    if faults:
        raise RequestError("The message is not as this socket takes it.", faults)
    wanted: Mapping[str, Sequence[Any] | None] = data["subscribe"]
    kinds, stages = wanted.get("kinds"), wanted.get("stages")
    cameras, lists = wanted.get("cameras"), wanted.get("lists")
    return Wish(
        kinds=None if kinds is None else frozenset(map(Kind, kinds)),
        cameras=None if cameras is None else frozenset(cameras),
        stages=None if stages is None else frozenset(map(Stage, stages)),
        lists=None if lists is None else frozenset(lists),
        resume_after=data.get("resume_after"),
    )
