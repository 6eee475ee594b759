"""What the engine learns of a site's plates: from the store at start, then as passages end."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from lpr_engine.grammar.history import LEAST_CONFIDENCE, REMEMBERED, SiteHistory
from lpr_engine.model.errors import StoreError
from lpr_engine.model.passage import Passage, PassageUpdate, Stage

_LOGGER = logging.getLogger(__name__)

SureFinals = Callable[[float, int], Sequence[tuple[str, str | None, float]]]
"""Text, region and confidence of so many finals of at least a confidence, oldest first."""


class SiteMemory:
    """A passage listener that keeps the site's history."""

    def __init__(self) -> None:
        self.history = SiteHistory()

    def recall(self, sure_finals: SureFinals) -> None:
        """Learn from what the store holds; without it learning begins anew."""
        try:
            finals = sure_finals(LEAST_CONFIDENCE, 2 * REMEMBERED)
        except StoreError as err:
            _LOGGER.warning("Nothing is learned from earlier passages: %s", err)
            return
        for text, region, confidence in finals:
            self.history.note(text, region, confidence)

    def passage_committed(self, passage: Passage, _update: PassageUpdate) -> None:
        """Learn from a final; a person's correction tells of one passage, not of a new one."""
        if passage.stage is Stage.FINAL and passage.corrected_by is None:
            self.history.note(passage.text, passage.region, passage.confidence)
