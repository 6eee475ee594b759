"""How a training is told: a bar on a terminal, plain lines in a pipe."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from lpr_engine.training.reading.options import (
    Int8,
    Int8Copy,
    Note,
    ReaderFiles,
    ReaderOptions,
    ReaderPlan,
    ReaderProgress,
    Score,
)

_LINE_EVERY = 50
_DRAWING_LINE_EVERY = 5_000
_SHOWN_COUNTRIES = 12


class Teller:
    """Tells of one training; a context, so that the terminal is left as it was."""

    def __init__(self, console: Console) -> None:
        """Tell on this console."""
        self._console = console
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[told]}"),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._tasks: dict[str, TaskID] = {}
        self._last_line = 0

    def __enter__(self) -> Teller:
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()

    def note(self, note: Note) -> None:
        """Tell what is prepared or planned."""
        if isinstance(note, ReaderPlan):
            self._lines(plan_lines(note))
            return
        self._move("drawing plates", note.done, note.plates, "")
        if not self._console.is_terminal and note.done % _DRAWING_LINE_EVERY == 0:
            self._lines([f"drawing plates: {note.done} of {note.plates}"])

    def progress(self, progress: ReaderProgress) -> None:
        """Tell where the training stands."""
        told = f"loss {progress.loss:.3f}, {duration(progress.remaining_s)} left"
        self._move("training", progress.step, progress.steps, told)
        scored = bool(progress.scores)
        due = progress.step >= self._last_line + _LINE_EVERY or progress.step == progress.steps
        if scored or (due and not self._console.is_terminal):
            self._last_line = progress.step
            self._lines([progress_line(progress)])

    def stopped(self, options: ReaderOptions) -> None:
        """Tell that the training was interrupted, and how it goes on."""
        self._lines([f"stopped; the same command goes on from the checkpoint in {options.out}"])

    def done(self, files: ReaderFiles, data: Path) -> None:
        """Tell what to do with what was made."""
        self._lines(closing_lines(files, data))

    def _move(self, name: str, done: int, total: int, told: str) -> None:
        if name not in self._tasks:
            for task in self._tasks.values():
                self._bar.update(task, visible=False)
            self._tasks[name] = self._bar.add_task(name, total=total, told=told)
        self._bar.update(self._tasks[name], completed=done, total=total, told=told)

    def _lines(self, lines: list[str]) -> None:
        for line in lines:
            self._console.print(line, highlight=False, markup=False, soft_wrap=True)


def plan_lines(plan: ReaderPlan) -> list[str]:
    """What the training will do, for people."""
    crops = sum(plan.learnt.values())
    left = plan.steps - plan.first
    learnt = f"learning from {crops} crops ({_counts(plan.learnt)})"
    judged = f"judged by {sum(plan.judged.values())} held out ({_counts(plan.judged)})"
    share = f"{plan.real_share if crops else 0:.0%} of each batch are crops"
    speed = f"{left} steps of {plan.batch_size} at {plan.samples_per_second:.0f} samples/s"
    return [
        f"{learnt}, {judged}",
        f"drawn plates: {sum(plan.drawn.values())} ({_counts(plan.drawn)}); {share}",
        f"regions told apart: {plan.regions or 'none'}",
        f"from {plan.started_from}, on {plan.device}, into {plan.out}",
        f"{speed}: about {duration(plan.remaining_s)}",
    ]


def progress_line(progress: ReaderProgress) -> str:
    """Where the training stands, for people."""
    scores = "".join(f"  {group} {_score(one)}" for group, one in progress.scores.items())
    return (
        f"{progress.step}/{progress.steps}  loss {progress.loss:.4f}  "
        f"{progress.samples_per_second:.0f} samples/s  "
        f"{duration(progress.remaining_s)} left{scores}"
    )


def closing_lines(files: ReaderFiles, data: Path) -> list[str]:
    """How the result is used and judged."""
    weights = files.weights.resolve()
    return [
        f"reader: {weights}",
        *_int8_lines(files.int8),
        f"what it is and how well it reads: {files.card}",
        "",
        "use it in the engine's configuration:",
        "  models:",
        f"    reader: {weights}",
        f"    plate_config: {files.plate_config.resolve()}",
        "judge it on pictures that it has not seen, beside the bundled one:",
        f"  lpr-engine evaluate reader --data OTHER_PICTURES --weights {weights}",
        "  lpr-engine evaluate reader --data OTHER_PICTURES",
        "refine it later:",
        f"  lpr-engine train reader --data {data} --start {files.start.resolve()} --out ANOTHER",
    ]


def _int8_lines(int8: Int8 | None) -> list[str]:
    if int8 is None:
        return []
    where = [f"  {int8.weights.resolve()}"] if isinstance(int8, Int8Copy) else []
    return [f"in eight bits: {int8}", *where]


def duration(seconds: float) -> str:
    """A time as people say it."""
    minutes = seconds / 60
    if minutes < 1:
        return f"{seconds:.0f} s"
    return f"{minutes:.0f} min" if minutes < 100 else f"{minutes / 60:.1f} h"


def _score(score: Score) -> str:
    region = f", region {score.regions_right}/{score.regions_known}" if score.regions_known else ""
    return f"{score.exact}/{score.crops} exact ({score.folded} folded{region})"


def _counts(counts: Mapping[str, int]) -> str:
    if not counts:
        return "none"
    ordered = sorted(counts.items(), key=lambda item: -item[1])
    rest = sum(count for _, count in ordered[_SHOWN_COUNTRIES:])
    shown = [f"{name} {count}" for name, count in ordered[:_SHOWN_COUNTRIES]]
    return ", ".join(shown + ([f"others {rest}"] if rest else []))
