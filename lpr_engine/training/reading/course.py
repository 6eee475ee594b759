"""One course of training: batches in, checkpoints and progress out; it can be resumed."""

from __future__ import annotations

import logging
import math
import time
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional
from torch.utils.data import DataLoader

from lpr_engine.training.reading.crops import CropSet, load_crops, read_labels, split, surroundings
from lpr_engine.training.reading.export import export_reader, fit_temperature
from lpr_engine.training.reading.feed import Batch, Feed
from lpr_engine.training.reading.network import ALPHABET, GRID, INPUT_SIZE, PAD, PlateReader
from lpr_engine.training.reading.options import (
    ReaderFiles,
    ReaderOptions,
    ReaderProgress,
    Report,
    Score,
)
from lpr_engine.training.reading.score import score_crops
from lpr_engine.training.synthetic.bank import fill_bank, open_bank

_LOGGER = logging.getLogger(__name__)
_CHECKPOINT = "reader.pt"


def run_course(options: ReaderOptions, progress: Report) -> ReaderFiles:
    """Train and export a reader; `train_reader` says what it raises."""
    learnt, judged = split(read_labels(options.labels))
    real, held = load_crops(learnt), load_crops(judged)
    bank_folder = options.bank or options.out / "bank"
    fill_bank(bank_folder, options.plates, options.seed)
    around = surroundings(options.around, 2_000, INPUT_SIZE, options.seed)
    course = _Course(options, held)
    feed = Feed(
        open_bank(bank_folder),
        real,
        around,
        batch_size=options.batch_size,
        real_share=options.real_share if len(real) else 0.0,
        group_weights=dict(options.group_weights),
        seed=options.seed + course.step,
    )
    course.run(feed, progress)
    temperature = fit_temperature(course.average, held) if len(held) else 1.0
    return export_reader(course.average, options.out, temperature)


class _Course:
    """The moving parts: weights, their slow average, the optimiser and the step."""

    def __init__(self, options: ReaderOptions, held: CropSet) -> None:
        torch.set_num_threads(options.threads)
        torch.manual_seed(options.seed)
        options.out.mkdir(parents=True, exist_ok=True)
        self.options, self.held, self.step = options, held, 0
        self.network = PlateReader().to(memory_format=torch.channels_last)
        self.average = PlateReader().eval()
        self.average.load_state_dict(self.network.state_dict())
        self.optimiser = torch.optim.AdamW(
            _groups(self.network, options.weight_decay), lr=options.learning_rate
        )
        self._resume()

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
            logits, attention = self.network(pictures.bfloat16())
        loss = character_loss(logits.float(), batch.labels) + self.options.guidance * guidance_loss(
            attention.float(), batch.centres
        )
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
            "network": self.network.state_dict(),
            "average": self.average.state_dict(),
            "optimiser": self.optimiser.state_dict(),
        }
        partial = path.with_suffix(".partial")
        torch.save(state, partial)
        partial.rename(path)

    def _resume(self) -> None:
        path = self.options.out / _CHECKPOINT
        if not path.is_file():
            return
        state = torch.load(path, weights_only=True)
        self.network.load_state_dict(state["network"])
        self.average.load_state_dict(state["average"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.step = int(state["step"])
        _LOGGER.info("going on from step %s", self.step)


def _groups(network: torch.nn.Module, weight_decay: float) -> list[dict[str, Any]]:
    parameters = list(network.parameters())
    return [
        {"params": [p for p in parameters if p.ndim > 1], "weight_decay": weight_decay},
        {"params": [p for p in parameters if p.ndim <= 1], "weight_decay": 0.0},
    ]


def character_loss(logits: Tensor, labels: Tensor) -> Tensor:
    """Cross entropy over all slots; a filled slot counts twice a padded one."""
    each = functional.cross_entropy(
        logits.flatten(0, 1), labels.flatten(), label_smoothing=0.03, reduction="none"
    )
    weight = torch.where(labels.flatten() == ALPHABET.index(PAD), 0.5, 1.0)
    return (each * weight).sum() / weight.sum()


def guidance_loss(scores: Tensor, centres: Tensor) -> Tensor:
    """Pulls each slot's attention to where its character is known to be.

    scores: (n, slots, places) before softmax. centres: (n, slots, 2) as parts of the picture,
    NaN unknown.
    """
    rows, columns = GRID
    y = (torch.arange(rows) + 0.5) / rows
    x = (torch.arange(columns) + 0.5) / columns
    across = ((x[None, None] - centres[..., :1]) * columns) ** 2 / 1.0
    down = ((y[None, None] - centres[..., 1:]) * rows) ** 2 / 0.5
    target = (-(down[..., :, None] + across[..., None, :])).flatten(2)
    known = torch.isfinite(centres).all(-1)
    if not bool(known.any()):
        return scores.sum() * 0
    goal = target[known].softmax(-1)
    return -(goal * scores[known].log_softmax(-1)).sum(-1).mean()
