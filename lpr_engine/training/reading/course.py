"""One course of training: batches in, checkpoints and progress out; it can be resumed."""

from __future__ import annotations

import dataclasses
import logging
import time
from collections.abc import Iterator
from typing import Any

import cv2
import torch
from torch.utils.data import DataLoader

from lpr_engine.training.checkpoint_file import CheckpointFile
from lpr_engine.training.reading.calibration import calibrated
from lpr_engine.training.reading.card import write_card
from lpr_engine.training.reading.device import choose_device
from lpr_engine.training.reading.errors import ReaderTrainingError
from lpr_engine.training.reading.export import export_reader
from lpr_engine.training.reading.feed import Batch, Feed, drawn_regions
from lpr_engine.training.reading.int8_copy import int8_copy
from lpr_engine.training.reading.learner import STATE, Learner
from lpr_engine.training.reading.material import Material, add_drawn, counted, read_crops
from lpr_engine.training.reading.options import (
    Notes,
    ReaderFiles,
    ReaderOptions,
    ReaderPlan,
    ReaderProgress,
    Report,
    Score,
)
from lpr_engine.training.reading.regions import RegionList, region_list
from lpr_engine.training.reading.run_folder import RunFolder, row_of
from lpr_engine.training.reading.schedule import MEASURED_STEPS, Schedule
from lpr_engine.training.reading.score import score_crops
from lpr_engine.training.reading.starting import start_from, start_regions
from lpr_engine.training.synthetic.bank import Bank
from lpr_engine.training.synthetic.formats import plate_formats

_LOGGER = logging.getLogger(__name__)
_SAVED_EVERY_S = 120.0
_AHEAD = 6
_LONGEST_BATCH_S = 600
_OUT_OF_MEMORY = ("out of memory", "allocate memory", "killed by signal")


def run_course(options: ReaderOptions, progress: Report, notes: Notes) -> ReaderFiles:
    """Train and export a reader; `train_reader` says what it raises."""
    threads_before = cv2.getNumThreads()
    # Workers are forked: threads of OpenCV's that drew plates before would be missing in them,
    # and they would wait for these for ever.
    cv2.setNumThreads(1)
    torch.set_num_threads(options.threads)
    try:
        return _run(options, progress, notes)
    except OSError as err:
        where = err.filename or options.out
        raise ReaderTrainingError(f"{where}: {err.strerror or err}") from err
    except (MemoryError, RuntimeError) as err:  # torch's own errors of memory are RuntimeErrors
        explained = _explained(err, options)
        if explained is None:
            raise
        raise explained from err
    finally:
        cv2.setNumThreads(threads_before)


def _explained(
    err: MemoryError | RuntimeError, options: ReaderOptions
) -> ReaderTrainingError | None:
    if "DataLoader timed out" in str(err):
        return ReaderTrainingError(
            f"no batch came within {_LONGEST_BATCH_S} s: begin again with --workers 0; the same "
            f"command with it goes on from the last checkpoint ({err})"
        )
    if isinstance(err, RuntimeError) and not any(sign in str(err) for sign in _OUT_OF_MEMORY):
        return None
    return ReaderTrainingError(
        f"out of memory with batches of {options.batch_size}: halve --batch, or draw fewer "
        "--plates where the computer's own memory is full; the same command with it goes on from "
        f"the last checkpoint ({err})"
    )


def _run(options: ReaderOptions, progress: Report, notes: Notes) -> ReaderFiles:
    crops = read_crops(options)
    device = choose_device(options.device)
    folder = RunFolder(options.out)
    folder.open(options, str(device))
    material = add_drawn(options, crops, options.bank or folder.bank, notes)
    course = _Course(options, material, folder)
    course.run(progress, notes)
    average = course.learner.average.to("cpu")
    calibration = calibrated(average, material.judged)
    files = export_reader(average, options.out, calibration.temperature)
    int8 = int8_copy(files, material, folder.int8, options.seed) if options.int8 else None
    plan, last = course.plan(), course.last_scores
    folder.card.write_text(write_card(options, plan, last, calibration, int8), "utf-8")
    return dataclasses.replace(files, card=folder.card, int8=int8)


class _Course:
    """A learner fed by a schedule, with a checkpoint at every judgement."""

    def __init__(self, options: ReaderOptions, material: Material, folder: RunFolder) -> None:
        self._options, self._material, self._folder = options, material, folder
        self._device = choose_device(options.device)
        self._checkpoint = CheckpointFile(folder.checkpoint, STATE)
        state = self._checkpoint.load()
        self.regions = _regions(options, state, material.bank)
        self.learner = Learner(options, self.regions, self._device)
        spent_s, self._samples, self._started_from = 0.0, 0, "random weights"
        if state is not None:
            self.learner.go_on(state)
            self._started_from = f"step {self.learner.step} of {self._checkpoint.path}"
            spent_s = float(state.get("spent_s", 0.0))
            self._samples = int(state.get("samples", self.learner.step * options.batch_size))
        else:
            self._begin()
        self._schedule = Schedule(options, self.learner.step, spent_s)
        self._groups = tuple(counted([*material.judged.groups, *material.drawn.groups]))
        self._table = folder.table(self._groups)
        self._table.go_on_from("step", self.learner.step)
        self._losses: list[float] = []
        self._timed = 0
        self._since = self._saved = time.monotonic()
        self.last_scores: dict[str, Score] = {}

    def run(self, progress: Report, notes: Notes) -> None:
        """Learn until the last step."""
        first = self.learner.step
        batches = self._batches() if first < self._schedule.steps else iter(())
        self._since = time.monotonic()
        while self.learner.step < self._schedule.steps:
            rate = self._schedule.rate(self.learner.step)
            self._losses.append(self.learner.learn(next(batches), rate))
            self._samples += self._options.batch_size
            done = self.learner.step - first
            self._timed += 1
            if done == 1 and not self._reports_now():
                # The first step sets things up, and takes longer than any other.
                self._timed, self._since = 0, time.monotonic()
            elif done == MEASURED_STEPS + 1:
                self._time(self._timed)
                notes(self.plan())
            if self._reports_now():
                self._report(progress, rate)
        if not self.last_scores:
            self.last_scores = self._judge()

    def plan(self) -> ReaderPlan:
        """What is done, how, and how long it takes."""
        options, bank = self._options, self._material.bank
        step_s, step = self._schedule.step_s, self.learner.step
        return ReaderPlan(
            learnt=counted(self._material.learnt.groups),
            judged=counted(self._material.judged.groups),
            drawn=counted(_parts(bank)),
            real_share=options.real_share if bank is not None else 1.0,
            regions=len(self.regions.names),
            first=step,
            steps=self._schedule.steps,
            batch_size=options.batch_size,
            samples=self._samples,
            samples_per_second=options.batch_size / step_s if step_s else 0.0,
            remaining_s=self._schedule.remaining_s(step),
            device=str(self._device),
            out=options.out,
            started_from=self._started_from,
        )

    def _begin(self) -> None:
        if self._options.start is not None:
            fresh = start_from(self.learner.network, self._options.start)
            self._started_from = str(self._options.start)
            if fresh:
                self._started_from += f" (fresh: {', '.join(fresh)})"
            self.learner.begin()
        self.learner.add_head()

    def _batches(self) -> Iterator[Batch]:
        options, material = self._options, self._material
        feed = Feed(
            material.bank,
            material.learnt,
            material.around,
            batch_size=options.batch_size,
            real_share=options.real_share,
            group_weights=dict(options.group_weights),
            seed=options.seed,
            regions=self.regions,
            first=self.learner.step,
            curriculum=options.curriculum,
        )
        loader = DataLoader(
            feed,
            batch_size=None,
            num_workers=options.workers,
            prefetch_factor=_AHEAD if options.workers else None,
            timeout=_LONGEST_BATCH_S if options.workers else 0,
        )
        return iter(loader)

    def _reports_now(self) -> bool:
        step = self.learner.step
        return step % self._options.report_every == 0 or step >= self._schedule.steps

    def _report(self, progress: Report, rate: float) -> None:
        timed, seconds = self._timed, time.monotonic() - self._since
        self._time(timed)
        step, options = self.learner.step, self._options
        last = step >= self._schedule.steps
        scores = self._judge() if last or step % options.judge_every == 0 else {}
        if time.monotonic() - self._saved > _SAVED_EVERY_S:
            self._save()
        told = ReaderProgress(
            step=step,
            steps=self._schedule.steps,
            loss=sum(self._losses) / len(self._losses),
            samples_per_second=timed * options.batch_size / seconds,
            remaining_s=self._schedule.remaining_s(step),
            scores=scores,
            learning_rate=rate,
            samples=self._samples,
        )
        self._table.add(row_of(told))
        if scores:
            self._folder.draw_curves(self._groups)
        progress(told)
        self._losses, self._timed, self._since = [], 0, time.monotonic()

    def _time(self, steps: int) -> None:
        self._schedule.took(steps, time.monotonic() - self._since, self.learner.step)

    def _judge(self) -> dict[str, Score]:
        began = time.monotonic()
        self._save()
        material, average = self._material, self.learner.average
        self.last_scores = score_crops(average, material.judged) | score_crops(
            average, material.drawn
        )
        self._schedule.judged(time.monotonic() - began)
        return self.last_scores

    def _save(self) -> None:
        spent = {"spent_s": self._schedule.elapsed_s, "samples": self._samples}
        self._checkpoint.save({**self.learner.state(), **spent})
        self._saved = time.monotonic()


def _regions(options: ReaderOptions, state: dict[str, Any] | None, bank: Bank | None) -> RegionList:
    """A run's regions are fixed by its first step."""
    if state is not None and "regions" in state:
        return RegionList(tuple(state["regions"]))
    if not options.region_weight:
        return RegionList(())
    drawn = set(drawn_regions(bank)) - {""} if bank is not None else set()
    if not drawn:
        # Crops alone say too little of regions, but what is known of them need not be lost.
        return RegionList(start_regions(options.start) if options.start is not None else ())
    # All that may be drawn, not only what was: a small bank has the regions of a large one.
    return region_list(drawn | {one.region for one in plate_formats()})


def _parts(bank: Bank | None) -> list[str]:
    """The country of every drawn plate."""
    if bank is None:
        return []
    return [name.split("-")[0] or "unknown region" for name in drawn_regions(bank)]
