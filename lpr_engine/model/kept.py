"""A passage as the store keeps it: the contract's JSON, for those who only pass it on."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import cast

from lpr_engine.model.contract import JsonObject


@dataclass(frozen=True, slots=True)
class KeptPassage:
    """`body` is JSON on one line; the pictures may have been removed since it was written."""

    body: str
    sequence: int
    crop: str | None
    frame: str | None

    def as_json(self) -> JsonObject:
        """The contract's object.

        Raises:
            ValueError: the body is damaged.
        """
        data = cast("JsonObject", json.loads(self.body))
        data.update(sequence=self.sequence, crop=self.crop, frame=self.frame)
        return data

    def as_line(self) -> str:
        """The contract's object on one line.

        Raises:
            ValueError: the body is damaged.
        """
        data = cast("JsonObject", json.loads(self.body))
        if (data["crop"], data["frame"]) == (self.crop, self.frame):
            return self.body
        return json.dumps(self.as_json(), separators=(",", ":"))
