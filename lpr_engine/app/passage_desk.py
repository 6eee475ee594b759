"""What people do to kept passages: judged, kept, and told to everyone who listens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from lpr_engine.model.passage import Passage
from lpr_engine.model.passage_actions import CorrectableArchive, Correction, PassageWatcher
from lpr_engine.model.ports import VerdictRules
from lpr_engine.model.vehicle_errors import PassageUnknownError


class PassageDesk:
    """Implements `PassageActions`; watchers are told in the thread of whoever acts."""

    def __init__(
        self,
        archive: CorrectableArchive,
        rules: VerdictRules,
        find: Callable[[str], Passage | None],
        last_final: Callable[[str], Passage | None],
    ) -> None:
        self._archive = archive
        self._rules = rules
        self._find = find
        self._last_final = last_final
        self._watchers: list[PassageWatcher] = []

    def watch(self, watcher: PassageWatcher) -> None:
        """Tell somebody too of what is done from now on."""
        self._watchers.append(watcher)

    def correct(self, correction: Correction) -> Passage:
        """Put a passage right; it is judged anew, and opens nothing.

        Raises:
            PassageUnknownError: there is no such passage.
            PassageUnfinishedError: its vehicle is still in sight.
            ChangedMeanwhileError: it has another revision than was seen.
            StoreError: the store refused it.
        """
        known = self._find(correction.passage_id)
        if known is None:
            raise PassageUnknownError(f"there is no passage {correction.passage_id!r}")
        claimed = replace(known, text=correction.text, corrected_by=correction.corrected_by)
        corrected = self._archive.correct(correction, self._rules.judge(claimed))
        if corrected.sequence != known.sequence:
            for watcher in self._watchers:
                watcher.passage_corrected(corrected)
        return corrected

    def remove(self, passage_id: str, seen: int | None = None) -> Passage:
        """Forget a passage, its readings, and its pictures that no other passage shows.

        Raises:
            PassageUnknownError: there is no such passage.
            PassageUnfinishedError: its vehicle is still in sight.
            ChangedMeanwhileError: it has another revision than was seen.
            StoreError: the store refused it.
        """
        removed = self._archive.remove(passage_id, seen)
        last = self._last_final(removed.camera)
        for watcher in self._watchers:
            watcher.passage_removed(removed, last)
        return removed
