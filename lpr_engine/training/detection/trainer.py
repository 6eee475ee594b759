"""The training loop: AdamW, averaged weights, a checkpoint after every epoch."""

from __future__ import annotations

import copy
import logging
import math
import time
from collections.abc import Callable
from contextlib import closing
from typing import Any

import torch

from lpr_engine.training.checkpoint_file import CheckpointFile
from lpr_engine.training.detection.batches import Batch, batches_ahead
from lpr_engine.training.detection.dataset import Dataset
from lpr_engine.training.detection.errors import DetectorTrainingError
from lpr_engine.training.detection.network import run_network, training_loss
from lpr_engine.training.detection.report import EpochReport
from lpr_engine.training.detection.run_folder import RunFolder
from lpr_engine.training.detection.scenes import SceneComposer
from lpr_engine.training.detection.settings import DetectorTraining, Schedule
from lpr_engine.training.detection.validation import DetectorScore, find_plates, score_plates

_LOGGER = logging.getLogger(__name__)
_LONGEST_GRADIENT = 10.0
_AVERAGING_BATCHES = 300
_STATE = ("epoch", "network", "averaged", "optimizer")


class DetectorTrainer:
    """Trains one network; its averaged copy `averaged` is what gets validated and exported."""

    def __init__(self, training: DetectorTraining, dataset: Dataset, network: Any) -> None:
        """Prepare the optimizer and, when the run folder holds a checkpoint, go on from there."""
        self._training = training
        self._dataset = dataset
        self.composer = SceneComposer(dataset, training.recipe)
        self._network = network
        self.averaged = copy.deepcopy(network).eval().requires_grad_(False)
        self._optimizer = _optimizer(network, training.schedule)
        self._epoch = 0
        self._checkpoint = CheckpointFile(RunFolder(training.run).checkpoint, _STATE)
        state = self._checkpoint.load()
        if state is not None:
            self._resume(state)

    def run(self, on_epoch: Callable[[EpochReport], None]) -> None:
        """Train the epochs that are left, telling `on_epoch` after each."""
        epochs = self._training.schedule.epochs
        started, first = time.monotonic(), self._epoch
        while self._epoch < epochs:
            began = time.monotonic()
            losses = self._train_epoch()
            took_s = time.monotonic() - began
            self._epoch += 1
            score = self.validate() if self._validation_is_due() else None
            self._save()
            each_s = (time.monotonic() - started) / (self._epoch - first)
            on_epoch(self._report(losses, took_s, each_s * (epochs - self._epoch), score))

    def validate(self) -> DetectorScore:
        """Score the averaged network on the validation pictures."""
        items = self._dataset.validation
        half = self._training.half_arithmetic
        found = find_plates(
            items,
            self._training.schedule.validation_size_px,
            lambda squares: run_network(self.averaged, squares, half_arithmetic=half),
        )
        labelled = [item.boxes_xyxy for item in items]
        return score_plates(zip(found, labelled, strict=True))

    def _validation_is_due(self) -> bool:
        schedule = self._training.schedule
        return self._epoch % schedule.validate_every == 0 or self._epoch == schedule.epochs

    def _report(
        self,
        losses: dict[str, float],
        took_s: float,
        remaining_s: float,
        score: DetectorScore | None,
    ) -> EpochReport:
        schedule = self._training.schedule
        batches = schedule.batches_per_epoch
        return EpochReport(
            epoch=self._epoch,
            epochs=schedule.epochs,
            losses=losses,
            learning_rate=learning_rate(schedule, self._epoch * batches - 1),
            pictures_per_s=batches * schedule.batch_size / took_s,
            remaining_s=remaining_s,
            score=score,
        )

    def _train_epoch(self) -> dict[str, float]:
        schedule = self._training.schedule
        first = self._epoch * schedule.batches_per_epoch
        sums: dict[str, float] = {}
        self._network.train()
        count = schedule.batches_per_epoch
        ahead = batches_ahead(self.composer, schedule, self._training.seed, first, count)
        with closing(ahead):
            for index, batch in enumerate(ahead, start=first):
                for name, value in self.step(batch, index).items():
                    sums[name] = sums.get(name, 0.0) + value / count
        return sums

    def step(self, batch: Batch, index: int) -> dict[str, float]:
        """Learn from one batch, the run's `index`-th; return the parts of its loss.

        Raises:
            DetectorTrainingError: the loss is not finite.
        """
        step = learning_rate(self._training.schedule, index)
        for group in self._optimizer.param_groups:
            group["lr"] = step
        loss, parts = training_loss(
            self._network, batch, half_arithmetic=self._training.half_arithmetic
        )
        if not torch.isfinite(loss):
            raise DetectorTrainingError(f"the loss is not finite at batch {index}: {parts}")
        self._optimizer.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(self._network.parameters(), _LONGEST_GRADIENT)
        self._optimizer.step()
        self._average(index)
        return parts

    def _average(self, index: int) -> None:
        """Move the averaged weights towards the new ones, faster while the run is young."""
        youth = math.exp(-(index + 1) / _AVERAGING_BATCHES)
        share = self._training.schedule.average_decay * (1 - youth)
        latest = self._network.state_dict()
        for name, kept in self.averaged.state_dict().items():
            if kept.is_floating_point():
                kept.lerp_(latest[name], 1 - share)
            else:
                kept.copy_(latest[name])

    def _save(self) -> None:
        state = {
            "epoch": self._epoch,
            "network": self._network.state_dict(),
            "averaged": self.averaged.state_dict(),
            "optimizer": self._optimizer.state_dict(),
        }
        self._checkpoint.save(state)

    def _resume(self, state: dict[str, Any]) -> None:
        try:
            self._network.load_state_dict(state["network"])
            self.averaged.load_state_dict(state["averaged"])
            self._optimizer.load_state_dict(state["optimizer"])
            self._epoch = int(state["epoch"])
        except (RuntimeError, KeyError, ValueError) as err:
            raise DetectorTrainingError(
                f"{self._checkpoint.path}: cannot go on from this checkpoint: {err}"
            ) from err
        _LOGGER.info("going on after epoch %s of %s", self._epoch, self._checkpoint.path)


def learning_rate(schedule: Schedule, index: int) -> float:
    """Return a batch's step size: a linear warm-up, then half a cosine down to the final share."""
    total = schedule.epochs * schedule.batches_per_epoch
    warmup = min(schedule.warmup_batches, total // 4)
    if index < warmup:
        return schedule.learning_rate * (index + 1) / warmup
    done = (index - warmup) / max(1, total - warmup)
    share = (
        schedule.final_rate_share
        + (1 - schedule.final_rate_share) * (1 + math.cos(math.pi * done)) / 2
    )
    return schedule.learning_rate * share


def _optimizer(network: Any, schedule: Schedule) -> torch.optim.Optimizer:
    """Decay only weights of several dimensions: biases and normalisation stay free."""
    decayed = [value for value in network.parameters() if value.requires_grad and value.ndim > 1]
    free = [value for value in network.parameters() if value.requires_grad and value.ndim <= 1]
    groups = [
        {"params": decayed, "weight_decay": schedule.weight_decay},
        {"params": free, "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=schedule.learning_rate)
