"""Plain data from one file, with the place of every key and value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from lpr_engine.config.problems import KeyPath, Place, Problem


class Broken:
    """Stands where a value could not be read; its problem is told already."""


BROKEN = Broken()

Data: TypeAlias = "bool | int | float | str | list[Data] | dict[str, Data] | Broken | None"


@dataclass
class Document:
    """Plain data and where it was written; `broken` paths hold nothing that can be judged."""

    file: str
    data: Data = None
    keys: dict[KeyPath, Place] = field(default_factory=dict)
    values: dict[KeyPath, Place] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    broken: set[KeyPath] = field(default_factory=set)

    def place(self, path: KeyPath, *, of_key: bool = False) -> Place:
        """Where a value (or its key) stands, or else the nearest thing around it."""
        known = (self.keys, self.values) if of_key else (self.values, self.keys)
        for length in range(len(path), -1, -1):
            for places in known:
                if path[:length] in places:
                    return places[path[:length]]
        return Place(self.file)

    def is_broken(self, path: KeyPath) -> bool:
        """Whether a problem of this path, or of something around it, was told already."""
        return any(path[:length] in self.broken for length in range(len(path) + 1))
