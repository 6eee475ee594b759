"""One course of training: batches in, checkpoints and progress out; it can be resumed."""

from __future__ import annotations

import logging
import math
import time
from pathlib import Path
from typing import Any

import torch
from torch.utils.data import DataLoader

from lpr_engine.training.reading.crops import CropSet, load_crops, read_labels, split, surroundings
from lpr_engine.training.reading.export import export_reader, fit_temperature
from lpr_engine.training.reading.feed import Batch, Feed, drawn_regions
from lpr_engine.training.reading.losses import character_loss, guidance_loss, region_loss
from lpr_engine.training.reading.network import INPUT_SIZE, PlateReader
from lpr_engine.training.reading.options import (
    ReaderFiles,
    ReaderOptions,
    ReaderProgress,
    Report,
    Score,
)
from lpr_engine.training.reading.regions import RegionList, region_list
from lpr_engine.training.reading.score import score_crops
from lpr_engine.training.reading.starting import start_from
from lpr_engine.training.synthetic.bank import Bank, fill_bank, open_bank
from lpr_engine.training.synthetic.formats import plate_formats

_LOGGER = logging.getLogger(__name__)
_CHECKPOINT = "reader.pt"
_HEAD = "region."


def run_course(options: ReaderOptions, progress: Report) -> ReaderFiles:
    """Train and export a reader; `train_reader` says what it raises."""
    learnt, judged = split(read_labels(options.labels))
    real, held = load_crops(learnt), load_crops(judged)
    bank_folder = options.bank or options.out / "bank"
    fill_bank(bank_folder, options.plates, options.seed)
    around = surroundings(options.around, 2_000, INPUT_SIZE, options.seed)
    bank = open_bank(bank_folder)
    course = _Course(options, held, bank)
    feed = Feed(
        bank,
        real,
        around,
        batch_size=options.batch_size,
        real_share=options.real_share if len(real) else 0.0,
        group_weights=dict(options.group_weights),
        seed=options.seed + course.step,
        regions=course.regions,
    )
    course.run(feed, progress)
    temperature = fit_temperature(course.average, held) if len(held) else 1.0
    return export_reader(course.average, options.out, temperature)


class _Course:
    """The moving parts: weights, their slow average, the optimiser and the step."""

    def __init__(self, options: ReaderOptions, held: CropSet, bank: Bank) -> None:
        torch.set_num_threads(options.threads)
        torch.manual_seed(options.seed)
        options.out.mkdir(parents=True, exist_ok=True)
        self.options, self.held, self.step = options, held, 0
        state = _stored(options.out / _CHECKPOINT)
        self.regions = _regions(options, state, bank)
        self.members = torch.from_numpy(self.regions.members)
        self.network = PlateReader(self.regions.names).to(memory_format=torch.channels_last)
        if options.start is not None and state is None:
            fresh = start_from(self.network, options.start)
            _LOGGER.info("starting from %s; fresh: %s", options.start, ", ".join(fresh) or "-")
        self.average = PlateReader(self.regions.names).eval()
        self.average.load_state_dict(self.network.state_dict())
        self.optimiser = torch.optim.AdamW(
            _groups(_body(self.network), options.weight_decay), lr=options.learning_rate
        )
        if state is not None and "regions" in state:
            self._add_head()
            self._resume(state)
        elif state is not None:
            self._resume(state)
            self._add_head()
        else:
            self._add_head()

    def run(self, feed: Feed, progress: Report) -> None:
        """Learn until the last step; a checkpoint at every judgement."""
        options = self.options
        batches = iter(
            DataLoader(
                feed,
                batch_size=None,
                num_workers=options.workers,
                prefetch_factor=6 if options.workers else None,
            )
        )
        losses: list[float] = []
        since = time.monotonic()
        while self.step < options.steps:
            losses.append(self._learn(next(batches)))
            self.step += 1
            last = self.step == options.steps
            if self.step % options.report_every and not last:
                continue
            rate = len(losses) * options.batch_size / (time.monotonic() - since)
            scores = self._judge() if last or self.step % options.judge_every == 0 else {}
            left_s = (options.steps - self.step) * options.batch_size / rate
            progress(
                ReaderProgress(
                    self.step, options.steps, sum(losses) / len(losses), rate, left_s, scores
                )
            )
            losses, since = [], time.monotonic()

    def _learn(self, batch: Batch) -> float:
        for group in self.optimiser.param_groups:
            group["lr"] = self._rate()
        self.network.train()
        pictures = batch.pictures.permute(0, 3, 1, 2).contiguous(memory_format=torch.channels_last)
        with torch.autocast("cpu", torch.bfloat16):
            seen = self.network(pictures.bfloat16())
        loss = character_loss(seen.characters.float(), batch.labels)
        loss = loss + self.options.guidance * guidance_loss(seen.attention.float(), batch.centres)
        if seen.regions is not None:
            wrong = region_loss(seen.regions.float(), batch.regions, self.members)
            loss = loss + self.options.region_weight * wrong
        self.optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call, unused-ignore]  # untyped in torch
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 2.0)
        self.optimiser.step()
        self._follow()
        return float(loss.detach())

    def _rate(self) -> float:
        """Warm-up, then half a cosine."""
        options = self.options
        warm = min(300, options.steps // 10 + 1)
        if self.step < warm:
            return options.learning_rate * (self.step + 1) / warm
        done = (self.step - warm) / max(1, options.steps - warm)
        return options.learning_rate * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * done)))

    def _follow(self) -> None:
        decay = min(0.998, (self.step + 1) / (self.step + 20))
        with torch.no_grad():
            pairs = zip(
                self.average.state_dict().values(), self.network.state_dict().values(), strict=True
            )
            for slow, fast in pairs:
                if slow.dtype.is_floating_point:
                    slow.lerp_(fast, 1 - decay)
                else:
                    slow.copy_(fast)

    def _judge(self) -> dict[str, Score]:
        self._save()
        return score_crops(self.average, self.held) if len(self.held) else {}

    def _save(self) -> None:
        path = self.options.out / _CHECKPOINT
        state: dict[str, Any] = {
            "step": self.step,
            "regions": list(self.regions.names),
            "network": self.network.state_dict(),
            "average": self.average.state_dict(),
            "optimiser": self.optimiser.state_dict(),
        }
        partial = path.with_suffix(".partial")
        torch.save(state, partial)
        partial.rename(path)

    def _resume(self, state: dict[str, Any]) -> None:
        head = any(name.startswith(_HEAD) for name in state["network"])
        for network, name in ((self.network, "network"), (self.average, "average")):
            missing, strange = network.load_state_dict(state[name], strict=False)
            if strange or (head and missing) or any(not m.startswith(_HEAD) for m in missing):
                raise RuntimeError(f"other network: {[*missing, *strange]}")
        self.optimiser.load_state_dict(state["optimiser"])
        self.step = int(state["step"])
        _LOGGER.info("going on from step %s", self.step)

    def _add_head(self) -> None:
        head = [p for name, p in self.network.named_parameters() if name.startswith(_HEAD)]
        for group in _groups(head, self.options.weight_decay) if head else []:
            self.optimiser.add_param_group(group)


def _stored(path: Path) -> dict[str, Any] | None:
    return dict(torch.load(path, weights_only=True)) if path.is_file() else None


def _regions(options: ReaderOptions, state: dict[str, Any] | None, bank: Bank) -> RegionList:
    """A run's regions are fixed by its first step."""
    if state is not None and "regions" in state:
        return RegionList(tuple(state["regions"]))
    drawn = set(drawn_regions(bank)) - {""}
    if not drawn or not options.region_weight:
        return RegionList(())
    # All that may be drawn, not only what was: a small bank has the regions of a large one.
    return region_list(drawn | {one.region for one in plate_formats()})


def _body(network: PlateReader) -> list[torch.nn.Parameter]:
    return [p for name, p in network.named_parameters() if not name.startswith(_HEAD)]


def _groups(parameters: list[torch.nn.Parameter], weight_decay: float) -> list[dict[str, Any]]:
    return [
        {"params": [p for p in parameters if p.ndim > 1], "weight_decay": weight_decay},
        {"params": [p for p in parameters if p.ndim <= 1], "weight_decay": 0.0},
    ]
