"""A configuration's own text with its secrets masked, and back again.

Layout, comments and references (`!secret`, `!env`) stay as they are. What comes back masked gets
the secret that stood at the same key; a camera keeps its secrets by its id.
"""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from functools import lru_cache

from lpr_engine.config.layout import Layout, Span, WrittenScalar, layout_of
from lpr_engine.config.problems import KeyPath, Place, Problem, dotted
from lpr_engine.config.redaction import MASK, masked_url, unmasked_url
from lpr_engine.config.scalar import quoted
from lpr_engine.config.secrecy import CAMERAS, is_open
from lpr_engine.config.values import shown_key

_TOLD_IN_COMMENT = re.compile(
    r"([\w-]*(?:pass|pwd|secret|token|auth|key|user|login|credential)[\w-]*\s*[:=]\s*)"
    r"(?!\s*!(?:secret|env)\b)\S.*",
    re.IGNORECASE,
)
_BARE = re.compile(r"[A-Za-z0-9/](?:[A-Za-z0-9_./%+=?&@ -]|:(?=\S))*")
_LOST = "this secret is masked, and none is kept under this key"


@lru_cache(maxsize=4)
def veiled(text: str, *, is_json: bool) -> str | None:
    """The text with every secret masked; None when it cannot be told what is one."""
    layout = layout_of(text, is_json=is_json)
    if isinstance(layout, Problem):
        return None
    pieces = [(one.span, _veiled_piece(layout, one)) for one in layout.scalars]
    pieces += [(span, _veiled_comment(layout.piece(span))) for span in layout.comments]
    shown = _exchanged(text, pieces)
    again = layout_of(shown, is_json=is_json)
    if isinstance(again, Problem) or not _all_veiled(layout, again):
        return None
    return shown


def unveiled(text: str, kept: str, file: str, *, is_json: bool) -> tuple[str, list[Problem]]:
    """A new text with the masked secrets of the kept one put back, and where that fails.

    A text that breaks its syntax comes back as it is.
    """
    if text == veiled(kept, is_json=is_json):
        return kept, []
    new = layout_of(text, is_json=is_json)
    old = layout_of(kept, is_json=is_json)
    if isinstance(new, Problem):
        return text, []
    secrets = {} if isinstance(old, Problem) else _secrets_for(new, old)
    pieces: list[tuple[Span, str]] = []
    problems: list[Problem] = []
    for scalar in new.scalars:
        piece = _unveiled_piece(new, scalar, secrets.get(scalar.path))
        if piece is not None:
            pieces.append((scalar.span, piece))
        elif _is_masked(scalar):
            place = Place(file, scalar.line, scalar.column)
            problems.append(Problem(place, dotted(scalar.path), _LOST, "the whole value"))
    if not isinstance(old, Problem):
        pieces += _comments_back(new, old)
    return _exchanged(text, pieces), problems


class _Kept:
    """One scalar of the kept text that is not shown as it is."""

    def __init__(self, layout: Layout, scalar: WrittenScalar) -> None:
        self.scalar = scalar
        self.piece = layout.piece(scalar.span)
        self.shown = _shown_value(scalar)
        self.is_json = layout.is_json

    def back(self, value: str, tag: str) -> str | None:
        """What to write for a value that came masked; None when the secret cannot be told."""
        if (value == self.shown and tag in ("", self.scalar.tag)) or value == MASK:
            return self._whole(tag)
        whole = unmasked_url(value, self.shown, self.scalar.value)
        return None if whole is None else quoted(whole)

    def _whole(self, tag: str) -> str:
        scalar = self.scalar
        if scalar.is_reference and not tag:
            reference = f"{scalar.tag} {scalar.value}"
            return quoted(reference) if self.is_json else reference
        is_quoted = self.piece[:1] in "\"'" and "\n" not in self.piece
        if self.is_json or is_quoted or _BARE.fullmatch(self.piece):
            return self.piece
        return quoted(scalar.value)


def _veiled_piece(layout: Layout, scalar: WrittenScalar) -> str:
    piece = layout.piece(scalar.span)
    shown = _shown_value(scalar)
    if shown == scalar.value and masked_url(piece) == piece:
        return piece
    if layout.is_json and scalar.is_reference:
        shown = f"{scalar.tag} {shown}"
    return quoted(shown) + piece[len(piece.rstrip()) :]


def _shown_value(scalar: WrittenScalar) -> str:
    if scalar.is_key:
        return shown_key(scalar.value)
    if scalar.tag == "!secret":
        return scalar.value
    masked = masked_url(scalar.value)
    if is_open(scalar.path):
        return masked
    if scalar.tag == "!env":
        name, space, default = scalar.value.strip().partition(" ")
        return f"{name} {MASK}" if default.strip() else name + space
    return MASK


def _veiled_comment(comment: str) -> str:
    return _TOLD_IN_COMMENT.sub(rf"\g<1>{MASK}", masked_url(comment))


def _all_veiled(old: Layout, new: Layout) -> bool:
    """Whether the masked text says the same at the same places, and no secret."""
    return [(one.is_key, _shown_value(one)) for one in old.scalars] == [
        (one.is_key, one.value) for one in new.scalars
    ]


def _is_masked(scalar: WrittenScalar) -> bool:
    if scalar.is_key or MASK not in scalar.value:
        return False
    return not is_open(scalar.path) or scalar.path[-1] == "source"


def _secrets_for(new: Layout, old: Layout) -> Mapping[KeyPath, _Kept]:
    renamed = _renamed_cameras(new, old)
    return {
        _renamed(one.path, renamed): _Kept(old, one)
        for one in old.scalars
        if not one.is_key and (one.is_reference or _veiled_piece(old, one) != old.piece(one.span))
    }


def _renamed_cameras(new: Layout, old: Layout) -> Mapping[str | int, str | int]:
    """The new id of each camera whose place in the list another id took."""
    before, now = old.cameras, new.cameras
    return {
        was: becomes
        for was, becomes in zip(before, now, strict=False)
        if was not in now and becomes not in before
    }


def _renamed(path: KeyPath, renamed: Mapping[str | int, str | int]) -> KeyPath:
    if path[0] != CAMERAS or len(path) < 2:
        return path
    return (CAMERAS, renamed.get(path[1], path[1]), *path[2:])


def _unveiled_piece(new: Layout, scalar: WrittenScalar, kept: _Kept | None) -> str | None:
    if kept is None or scalar.is_key or MASK not in new.piece(scalar.span):
        return None
    tag = scalar.tag if scalar.is_reference else ""
    return kept.back(scalar.value, tag)


def _comments_back(new: Layout, old: Layout) -> Iterable[tuple[Span, str]]:
    by_shown: defaultdict[str, deque[str]] = defaultdict(deque)
    for span in old.comments:
        comment = old.piece(span)
        by_shown[_veiled_comment(comment)].append(comment)
    for span in new.comments:
        waiting = by_shown.get(new.piece(span))
        if waiting:
            yield span, waiting.popleft() if len(waiting) > 1 else waiting[0]


def _exchanged(text: str, pieces: Iterable[tuple[Span, str]]) -> str:
    parts: list[str] = []
    before = 0
    for span, piece in sorted(pieces, key=lambda one: one[0].start):
        parts += [text[before : span.start], piece]
        before = span.end
    return "".join([*parts, text[before:]])
