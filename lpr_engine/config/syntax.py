"""YAML and JSON syntax: text to nodes, or the one place where the text breaks its rules."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeAlias

import yaml

from lpr_engine.config.problems import Place, Problem
from lpr_engine.config.tree import MAX_DEPTH, MAX_VALUES

_QUOTED = re.compile(r"'[^']{2,}'|\"[^\"]{2,}\"")
_TOKEN = re.compile(r"'<[a-z ]+>'|'[a-z]+ indicator'")
_TOO_BIG = "there are too many values, or they are nested too deep"
_PLAIN_WORDS = (
    (r"cannot start any token", "a text that begins with this sign needs quotes around it"),
    (r"undefined alias", "`*` begins an alias that does not exist; a text needs quotes"),
    (r"undefined tag handle", "`!` begins a tag that does not exist; a text needs quotes"),
    (r"mapping values are not allowed", "there is a colon too many, or the indent is wrong"),
    (r"could not find expected ':'", "a key has no `: ` after it"),
    (r"expected <block end>", "the indent does not fit the lines above"),
    (r"found another document", "`---` begins a second document; only one is read"),
    (r"unexpected end of stream", "a quote or bracket is never closed"),
)

Composed: TypeAlias = "tuple[yaml.Node, list[yaml.Token]]"

_COMPOSED: ContextVar[dict[str, Composed] | None] = ContextVar("_COMPOSED", default=None)


class _TooBigError(yaml.MarkedYAMLError):
    """More nodes, or deeper ones, than any configuration has."""


class _BoundedLoader(yaml.SafeLoader):
    """PyYAML's composer with a limit on depth and number of nodes; remembers its tokens."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.taken: list[yaml.Token] = []
        self._depth = 0
        self._nodes = 0

    def get_token(self) -> yaml.Token | None:
        """The next token, which is then behind us."""
        token: yaml.Token | None = super().get_token()  # type: ignore[no-untyped-call]
        if token is not None:
            self.taken.append(token)
        return token

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Compose one node and all in it."""
        self._depth += 1
        self._nodes += 1
        if self._depth > MAX_DEPTH or self._nodes > MAX_VALUES:
            raise _TooBigError(problem=_TOO_BIG, problem_mark=self.get_mark())
        try:
            return super().compose_node(parent, index)
        finally:
            self._depth -= 1


@contextmanager
def each_text_once() -> Iterator[None]:
    """Within the block no text is composed twice, which is what takes long with a large file.

    The nodes are forgotten at its end: they take two hundred times as much memory as the text.
    """
    before = _COMPOSED.set({})
    try:
        yield
    finally:
        _COMPOSED.reset(before)


def compose(text: str, file: str) -> yaml.Node | Problem:
    """The root node of a YAML text, or what breaks its syntax."""
    composed = compose_with_tokens(text, file)
    return composed if isinstance(composed, Problem) else composed[0]


def compose_with_tokens(text: str, file: str) -> Composed | Problem:
    """The root node of a YAML text and the tokens it is made of, or what breaks its syntax."""
    known = _COMPOSED.get()
    if known is not None and text in known:
        return known[text]
    composed = _compose(text, file)
    if known is not None and not isinstance(composed, Problem):
        known[text] = composed
    return composed


def _compose(text: str, file: str) -> Composed | Problem:
    try:
        loader = _BoundedLoader(text)
        root = loader.get_single_node()
    except yaml.reader.ReaderError as err:
        place = _place_at(text, int(err.position), file)
        return Problem(place, "", "a control character stands here", "plain text")
    except yaml.MarkedYAMLError as err:
        return _syntax_problem(err, file, text)
    if root is None:
        return Problem(Place(file), "", "the file is empty", "at least the section `cameras`")
    return root, loader.taken


def json_problem(text: str, file: str) -> Problem | None:
    """What breaks the syntax of a JSON text."""
    try:
        json.loads(text, parse_int=str, parse_float=str)
    except json.JSONDecodeError as err:
        place = Place(file, err.lineno, err.colno)
        return Problem(place, "", f"this is not JSON: {err.msg.lower()}")
    except RecursionError:
        return Problem(Place(file), "", _TOO_BIG)
    return None


def _syntax_problem(err: yaml.MarkedYAMLError, file: str, text: str) -> Problem:
    mark = err.problem_mark or err.context_mark
    place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file)
    what = err.problem or err.context or "this is not YAML"
    if mark is not None and text[mark.index : mark.index + 1] == "\t":
        return Problem(place, "", "a tab stands where YAML wants spaces", "spaces")
    if isinstance(err, _TooBigError):
        return Problem(place, "", what)
    return Problem(place, "", f"this is not YAML: {_in_plain_words(what)}")


def _in_plain_words(what: str) -> str:
    """The parser's message without what it quotes of the file, which may be a password."""
    for pattern, words in _PLAIN_WORDS:
        if re.search(pattern, what):
            return words
    if _TOKEN.search(what):
        return what
    return _QUOTED.sub("...", what)


def _place_at(text: str, index: int, file: str) -> Place:
    before = text[:index]
    return Place(file, before.count("\n") + 1, index - before.rfind("\n"))
