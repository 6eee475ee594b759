"""Where every scalar and comment of a text stands, so that single ones can be exchanged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import yaml

from lpr_engine.config.problems import KeyPath, Problem
from lpr_engine.config.scalar import joined
from lpr_engine.config.secrecy import CAMERAS
from lpr_engine.config.syntax import compose_with_tokens, json_problem

_REFERENCES = ("!secret", "!env")


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a text, by the positions of its first sign and of the one after its last."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class WrittenScalar:
    """One scalar: `path` names cameras by their id, `span` leaves out its tag and anchor."""

    path: KeyPath
    span: Span
    line: int
    column: int
    tag: str
    value: str
    is_key: bool

    @property
    def is_reference(self) -> bool:
        """Whether it stands for a secret or variable kept elsewhere."""
        return self.tag in _REFERENCES


@dataclass(frozen=True, slots=True)
class Layout:
    """The scalars and comments of one text, in their order."""

    text: str
    is_json: bool
    scalars: tuple[WrittenScalar, ...]
    comments: tuple[Span, ...]

    @property
    def cameras(self) -> tuple[str | int, ...]:
        """The cameras' ids in their order; for one without an id its place in the list."""
        paths = (one.path for one in self.scalars if one.path[:1] == (CAMERAS,))
        return tuple(dict.fromkeys(path[1] for path in paths if len(path) > 1))

    def piece(self, span: Span) -> str:
        """What is written there."""
        return self.text[span.start : span.end]


@lru_cache(maxsize=4)
def layout_of(text: str, *, is_json: bool) -> Layout | Problem:
    """Where everything stands in a text of YAML or JSON, or what breaks its syntax."""
    # JSON allows tabs between its tokens and nowhere else; YAML's scanner wants none.
    readable = text.replace("\t", " ") if is_json else text
    problem = json_problem(text, "") if is_json else None
    composed = problem or compose_with_tokens(readable, "")
    if isinstance(composed, Problem):
        return composed
    root, tokens = composed
    starts = {
        token.end_mark.index: token.start_mark.index
        for token in tokens
        if isinstance(token, yaml.ScalarToken)
    }
    scalars = tuple(_Walk(starts, is_json=is_json).scalars(root, ()))
    return Layout(text, is_json, scalars, tuple(_comments(readable, tokens)))


class _Walk:
    """Visits every node once, however many aliases lead to it."""

    def __init__(self, starts: dict[int, int], *, is_json: bool) -> None:
        self._starts = starts
        self._is_json = is_json
        self._seen: set[int] = set()

    def scalars(self, node: yaml.Node, path: KeyPath) -> Iterator[WrittenScalar]:
        if id(node) in self._seen:
            return
        self._seen.add(id(node))
        if isinstance(node, yaml.ScalarNode):
            yield from self._scalar(node, path, is_key=False)
        elif isinstance(node, yaml.MappingNode):
            yield from self._mapping(node, path)
        elif isinstance(node, yaml.SequenceNode):
            for index, item in enumerate(node.value):
                yield from self.scalars(item, (*path, _part(path, index, item)))

    def _mapping(self, node: yaml.MappingNode, path: KeyPath) -> Iterator[WrittenScalar]:
        for key, value in node.value:
            here = (*path, key.value if isinstance(key, yaml.ScalarNode) else "?")
            if isinstance(key, yaml.ScalarNode):
                yield from self._scalar(key, here, is_key=True)
            else:
                yield from self.scalars(key, here)
            yield from self.scalars(value, here)

    def _scalar(
        self, node: yaml.ScalarNode, path: KeyPath, *, is_key: bool
    ) -> Iterator[WrittenScalar]:
        mark, end = node.start_mark, node.end_mark.index
        start = self._starts.get(end)
        if start is None or start == end:
            return
        tag, value = node.tag, node.value
        if self._is_json and value.startswith(tuple(f"{one} " for one in _REFERENCES)):
            tag, _, value = value.partition(" ")
        line, column = mark.line + 1, mark.column + 1
        yield WrittenScalar(path, Span(start, end), line, column, tag, joined(value), is_key)


def _part(path: KeyPath, index: int, item: yaml.Node) -> str | int:
    if path == (CAMERAS,) and isinstance(item, yaml.MappingNode):
        for key, value in item.value:
            if key.value == "id" and isinstance(value, yaml.ScalarNode):
                return str(value.value)
    return index


def _comments(text: str, tokens: list[yaml.Token]) -> Iterator[Span]:
    """What begins with `#` between the tokens, to the end of its line."""
    before = 0
    for token in (*tokens, None):
        after = len(text) if token is None else token.start_mark.index
        yield from _comments_between(text, before, after)
        if token is not None:
            before = max(before, token.end_mark.index)


def _comments_between(text: str, start: int, end: int) -> Iterator[Span]:
    while (at := text.find("#", start, end)) >= 0:
        line_ends = [found for sign in "\r\n" if (found := text.find(sign, at, end)) >= 0]
        start = min(line_ends, default=end)
        yield Span(at, start)
