"""What a site's own passages tell of the plates that are usual there; private to the site."""

from __future__ import annotations

import threading
from collections.abc import Iterable

from lpr_engine.grammar.likelihood import region_odds, shape_of
from lpr_engine.grammar.regions import region_code

LEAST_CONFIDENCE = 0.9
"""Less sure passages tell nothing, so that misreadings do not breed."""

REMEMBERED = 400
"""Each passage counts for so many after it: the older, the less."""

_ENOUGH = 25.0
_SIGNS, _LETTERS, _DIGITS = 36, 26, 10

Counts = tuple[tuple[str, float], ...]


class SiteHistory:
    """Regions and shapes of a site's confident passages, fading; thread-safe."""

    def __init__(self, passages: Iterable[tuple[str, str | None, float]] = ()) -> None:
        """Start from text, region and confidence of earlier finals, oldest first."""
        self._lock = threading.Lock()
        self._regions: dict[str, float] = {}
        self._shapes: dict[str, float] = {}
        for text, region, confidence in passages:
            self.note(text, region, confidence)

    def note(self, text: str, region: str | None, confidence: float) -> None:
        """Let one final count, if it is sure and some known format allows it.

        The region counts only where it was named: by the plate's format and the reader, never
        by this history, which so cannot confirm itself.
        """
        if not (confidence >= LEAST_CONFIDENCE and region_odds(text)):
            return
        code = region_code(region) if region else None
        with self._lock:
            self._shapes = _faded(self._shapes, shape_of(text))
            if code is not None:
                self._regions = _faded(self._regions, code)

    @property
    def regions(self) -> Counts:
        """How often each region was named, newer passages counting more."""
        return tuple(self._regions.items())

    @property
    def shape_trust(self) -> float:
        """How far to trust the shapes, 0..1: none tells nothing, hundreds nearly all."""
        return trust(sum(self._shapes.values()))

    def shape_odds(self, text: str) -> float:
        """Odds of the text against a random one, were all plates of the shapes seen here."""
        counts = self._shapes
        shape = shape_of(text)
        if shape not in counts:
            return 0.0
        letters, digits = shape.count("A"), shape.count("9")
        spread = (_SIGNS / _LETTERS) ** letters * (_SIGNS / _DIGITS) ** digits
        return spread * counts[shape] / sum(counts.values())


def _faded(counts: dict[str, float], seen: str) -> dict[str, float]:
    """A new table, since others may be reading the old one."""
    keep = 1.0 - 1.0 / REMEMBERED
    faded = {key: count * keep for key, count in counts.items() if count > 1e-3}
    faded[seen] = faded.get(seen, 0.0) + 1.0
    return faded


def trust(count: float) -> float:
    """How far to trust a share that so many passages show, 0..1."""
    return count / (count + _ENOUGH)
