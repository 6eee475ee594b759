"""Passages as they happen, one readable line each."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from lpr_engine.cli.printing import Printer
from lpr_engine.model.passage import Direction, Passage, PassageUpdate, Stage

_ARROWS = {Direction.IN: "→ ", Direction.OUT: "← ", Direction.UNKNOWN: "  "}
_WORDS = {Direction.IN: "in ", Direction.OUT: "out", Direction.UNKNOWN: "   "}
_SURE = 0.9
_DOUBTFUL = 0.6


class LiveLine:
    """A passage listener that writes to a terminal, or plain lines into a pipe."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._has_arrows = console.encoding.lower().startswith("utf")
        self._printer = Printer("live-lines")
        self.finals = 0

    @property
    def reader_gone(self) -> bool:
        """Whether nobody reads the lines any more."""
        return self._printer.reader_gone

    def passage_committed(self, passage: Passage, _update: PassageUpdate) -> None:
        """Have one revision printed."""
        self.finals += passage.stage is Stage.FINAL
        self._printer.put(
            lambda: self._console.print(
                line(passage, self._has_arrows), highlight=False, soft_wrap=True
            )
        )

    def drain(self, timeout_s: float = 0.5) -> None:
        """Wait a moment until all lines are printed."""
        self._printer.drain(timeout_s)


def line(passage: Passage, has_arrows: bool = True) -> Text:
    """Time, camera, stage, plate, confidence, direction, and what the rules say."""
    is_final = passage.stage is Stage.FINAL
    text = Text()
    text.append(passage.last_seen.astimezone().strftime("%H:%M:%S"), "dim")
    text.append(f"  {passage.camera:<10.10}")
    text.append("  final  " if is_final else "  preview", "" if is_final else "dim")
    text.append(f"  {passage.display or passage.text:<10}", "bold" if is_final else "")
    text.append(f"  {passage.confidence:>4.0%}", _colour(passage.confidence))
    text.append(f"  {passage.region or '':<5}", "dim")
    arrow = _ARROWS[passage.direction] if has_arrows else "  "
    text.append(f"  {arrow}{_WORDS[passage.direction]}")
    text.append(f"  {passage.readings:>3} readings", "dim")
    seconds = (passage.last_seen - passage.first_seen).total_seconds()
    text.append(f" in {seconds:.1f} s", "dim")
    if passage.verdict.list_name is not None:
        text.append(f"  [{passage.verdict.list_name}]", "cyan")
    return text


def _colour(confidence: float) -> str:
    if confidence >= _SURE:
        return "green"
    return "yellow" if confidence >= _DOUBTFUL else "red"
