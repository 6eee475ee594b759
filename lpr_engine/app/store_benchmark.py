"""How fast a store with very many passages is searched, counted, exported and written to."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lpr_engine.api.export_chunks import text_chunks
from lpr_engine.api.export_formats import format_of
from lpr_engine.api.yielding import yielding_threads
from lpr_engine.app.own_process import in_own_process, peak_memory_mb
from lpr_engine.app.passage_mill import LAST, PassageMill
from lpr_engine.app.store_filling import fill
from lpr_engine.app.store_questions import (
    Once,
    Question,
    analytics_questions,
    search_questions,
)
from lpr_engine.config.sections import StorageSection
from lpr_engine.model.search import PassageFilter
from lpr_engine.store.database import Database
from lpr_engine.store.opening import DATABASE_NAME
from lpr_engine.store.revisions import to_ms, write_row
from lpr_engine.store.search import PassageSearch
from lpr_engine.store.store import PassageStore

_WARM_UP = 3
_INSERT_EVERY_S = 0.05
_INSERT_AIM_MS = 5.0
_ASK_EVERY_S = 0.02
_OTHER_LINES = {"csv": 1, "json": 2, "ndjson": 0}


@dataclass(frozen=True, slots=True)
class Timing:
    """How long something took; `aim_ms` is what 95 of 100 should stay below, where there is one."""

    name: str
    count: int
    p50_ms: float
    p95_ms: float
    aim_ms: float | None = None


@dataclass(frozen=True, slots=True)
class Export:
    """Everything in one format, written nowhere."""

    format: str
    passages: int
    seconds: float
    megabytes: float
    peak_memory_mb: float


@dataclass(frozen=True, slots=True)
class StoreReport:
    """All figures of one run; `busy` are taken while passages come in and searches run."""

    passages: int
    database_mb: float
    fill_s: float | None
    quiet: tuple[Timing, ...]
    busy: tuple[Timing, ...]
    exports: tuple[Export, ...]


@dataclass(frozen=True, slots=True)
class _Insertion:
    """How long whoever handed a passage in waited, and how long the store's thread computed."""

    waited_ms: float
    computed_ms: float


Tell = Callable[[str], None]


def run_store_benchmark(passages: int, rounds: int, folder: Path | None, tell: Tell) -> StoreReport:
    """Fill a folder, unless it was filled by an earlier run, and measure.

    Raises:
        StoreError: the folder refuses it.
        BenchmarkError: a measuring process was killed.
    """
    if folder is not None:
        return _measure(folder, passages, rounds, tell)
    with tempfile.TemporaryDirectory(prefix="lpr-bench-store-") as made:
        return _measure(Path(made), passages, rounds, tell)


def _measure(folder: Path, passages: int, rounds: int, tell: Tell) -> StoreReport:
    fill_s = None
    if not (folder / DATABASE_NAME).exists():
        fill_s = _fill(folder, passages, tell)
    with PassageStore(StorageSection(directory=folder)) as store:
        store.catch_up()
        tell("searching and counting")
        quiet = (*_searches(store, passages, rounds), *_figures(store, rounds))
        tell("writing meanwhile")
        busy = _busy(store, passages, rounds)
    tell("exporting")
    exports = tuple(
        in_own_process(export_everything, folder, form) for form in ("csv", "json", "ndjson")
    )
    size_mb = round((folder / DATABASE_NAME).stat().st_size / 1e6, 1)
    return StoreReport(passages, size_mb, fill_s, quiet, busy, exports)


def _fill(folder: Path, passages: int, tell: Tell) -> float:
    folder.mkdir(exist_ok=True)
    begun_s = time.monotonic()
    fill(folder, PassageMill(passages), lambda done: tell(f"filling: {done} of {passages}"))
    return round(time.monotonic() - begun_s, 1)


def _searches(store: PassageStore, passages: int, rounds: int) -> list[Timing]:
    questions = search_questions(PassageMill(passages), store.search)
    return [_timed(question, rounds) for question in questions]


def _figures(store: PassageStore, rounds: int) -> list[Timing]:
    return [_timed(question, rounds) for question in analytics_questions(store.analytics)]


def _timed(question: Question, rounds: int) -> Timing:
    asked = question.ask()
    for _ in range(_WARM_UP):
        next(asked)()
    taken = []
    for _ in range(rounds):
        once = next(asked)
        begun_s = time.perf_counter()
        once()
        taken.append(1000 * (time.perf_counter() - begun_s))
    return _timing(question.name, taken, question.aim_ms)


def _timing(name: str, taken_ms: list[float], aim_ms: float | None = None) -> Timing:
    taken_ms = sorted(taken_ms)
    last = len(taken_ms) - 1
    p50, p95 = taken_ms[last // 2], taken_ms[-(-last * 95 // 100)]
    return Timing(name, len(taken_ms), round(p50, 2), round(p95, 2), aim_ms)


def _busy(store: PassageStore, passages: int, rounds: int) -> tuple[Timing, ...]:
    """Searches of all kinds one after the other, with short pauses, while passages come in."""
    questions = [(one, one.ask()) for one in search_questions(PassageMill(passages), store.search)]
    alone = _insertions(store, passages, rounds, threading.Event())
    done = threading.Event()
    inserted: list[_Insertion] = []
    writer = threading.Thread(
        target=lambda: inserted.extend(_insertions(store, passages + rounds, None, done))
    )
    writer.start()
    # The engine lets searches run where they hold up neither cameras nor the store.
    with yielding_threads(1) as answers:
        taken = answers.submit(_asked_in_turn, questions, rounds).result()
    done.set()
    writer.join()
    store._thread.call(_remove_inserted)
    return (
        *_insertion_timings("insert, nothing else going on", alone),
        *_insertion_timings("insert", inserted),
        *(_timing(one.name, taken[one.name], one.aim_ms) for one, _ in questions),
    )


def _asked_in_turn(
    questions: Sequence[tuple[Question, Iterator[Once]]], rounds: int
) -> dict[str, list[float]]:
    """How long each took, in milliseconds, by the question's name."""
    taken: dict[str, list[float]] = {question.name: [] for question, _ in questions}
    for _ in range(rounds):
        for question, asked in questions:
            once = next(asked)
            begun_s = time.perf_counter()
            once()
            taken[question.name].append(1000 * (time.perf_counter() - begun_s))
            time.sleep(_ASK_EVERY_S)
    return taken


def _insertion_timings(name: str, taken: list[_Insertion]) -> tuple[Timing, Timing]:
    return (
        _timing(name, [one.waited_ms for one in taken], _INSERT_AIM_MS),
        _timing(f"{name}: processor time", [one.computed_ms for one in taken]),
    )


def _insertions(
    store: PassageStore, passages: int, most: int | None, done: threading.Event
) -> list[_Insertion]:
    """Each is a transaction that keeps a passage with its outbox row, on disk."""
    mill = PassageMill(passages, seed=2)
    taken: list[_Insertion] = []
    while not done.is_set() and (most is None or len(taken) < most):
        passage = mill.another()

        def write(database: Database) -> float:
            begun_s = time.thread_time()
            with database.transaction() as connection:
                write_row(connection, passage, (), 0)  # noqa: B023 - called before the next
            return time.thread_time() - begun_s

        begun_s = time.perf_counter()
        computed_s = store._thread.call(write)
        taken.append(_Insertion(1000 * (time.perf_counter() - begun_s), 1000 * computed_s))
        done.wait(_INSERT_EVERY_S)
    return taken


def _remove_inserted(database: Database) -> None:
    """Leave a folder that is used again as it was."""
    with database.transaction() as connection:
        connection.execute("DELETE FROM outbox")
        connection.execute("DELETE FROM passages WHERE last_seen_ms >= ?", (to_ms(LAST),))


def export_everything(folder: Path, form: str) -> Export:
    """All passages of a folder in a format, in a process that does nothing else."""
    search = PassageSearch(folder)
    begun_s = time.monotonic()
    written, lines = 0, 0
    for chunk in text_chunks(search.walk(PassageFilter()), format_of(form)):
        written += len(chunk)
        lines += chunk.count(b"\n")
    seconds = time.monotonic() - begun_s
    search.close()
    return Export(
        form,
        lines - _OTHER_LINES[form],
        round(seconds, 1),
        round(written / 1e6, 1),
        peak_memory_mb(),
    )
