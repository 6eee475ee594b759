"""The moving parts of a course: the network, its slow average, the optimiser and the step."""

from __future__ import annotations

import math
from typing import Any

import torch

from lpr_engine.training.reading.device import Device
from lpr_engine.training.reading.errors import ReaderTrainingError
from lpr_engine.training.reading.feed import Batch
from lpr_engine.training.reading.losses import character_loss, guidance_loss, region_loss
from lpr_engine.training.reading.network import PlateReader
from lpr_engine.training.reading.options import ReaderOptions
from lpr_engine.training.reading.regions import RegionList

STATE = ("step", "network", "average", "optimiser")
_HEAD = "region."
_LONGEST_GRADIENT = 2.0
_AVERAGE_DECAY = 0.998


class Learner:
    """Learns from one batch after another; `average` is what is judged and exported."""

    def __init__(self, options: ReaderOptions, regions: RegionList, device: Device) -> None:
        torch.manual_seed(options.seed)
        self._options, self._device = options, device
        self.step = 0
        self.network = PlateReader(regions.names).to(device.name, memory_format=torch.channels_last)
        self.average = PlateReader(regions.names).to(device.name).eval()
        self._members = torch.from_numpy(regions.members).to(device.name)
        self._optimiser = torch.optim.AdamW(
            _groups(self._parameters(head=False), options.weight_decay), lr=options.learning_rate
        )
        self.begin()

    def begin(self) -> None:
        """Let the average start where the network starts."""
        self.average.load_state_dict(self.network.state_dict())

    def learn(self, batch: Batch, rate: float) -> float:
        """One step at this learning rate; returns the loss.

        Raises:
            ReaderTrainingError: the loss is no number.
        """
        for group in self._optimiser.param_groups:
            group["lr"] = rate
        # Each step has its own randomness, so that a resumed run goes on as if uninterrupted.
        torch.manual_seed(self._options.seed * 1_000_003 + self.step)
        self.network.train()
        loss = self._loss(batch)
        if not math.isfinite(value := float(loss.detach())):
            raise ReaderTrainingError(
                f"the loss is {value} at step {self.step + 1}; lower the learning rate "
                f"({self._options.learning_rate}) and go on from the last checkpoint"
            )
        self._optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call, unused-ignore]  # untyped in torch
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), _LONGEST_GRADIENT)
        self._optimiser.step()
        self._follow()
        self.step += 1
        return value

    def state(self) -> dict[str, Any]:
        """Everything that a later run needs to go on."""
        return {
            "step": self.step,
            "regions": list(self.network.regions),
            "network": self.network.state_dict(),
            "average": self.average.state_dict(),
            "optimiser": self._optimiser.state_dict(),
        }

    def go_on(self, state: dict[str, Any]) -> None:
        """Take a state; one that knows no regions gets a fresh head for them.

        Raises:
            ReaderTrainingError: the state is of another network.
        """
        has_head = any(name.startswith(_HEAD) for name in state["network"])
        try:
            for network, name in ((self.network, "network"), (self.average, "average")):
                _take(network, state[name])
            if has_head:
                self.add_head()
            self._optimiser.load_state_dict(state["optimiser"])
        except (RuntimeError, ValueError, KeyError) as err:
            raise ReaderTrainingError(
                f"the checkpoint is of another network and cannot be gone on with ({err}); "
                "choose another --out and pass the checkpoint as --start"
            ) from err
        if not has_head:
            self.add_head()
        self.step = int(state["step"])

    def add_head(self) -> None:
        """Let the optimiser move the region head too, behind all else."""
        head = self._parameters(head=True)
        for group in _groups(head, self._options.weight_decay) if head else []:
            self._optimiser.add_param_group(group)

    def _loss(self, batch: Batch) -> torch.Tensor:
        device = self._device.name
        with self._device.arithmetic():
            seen = self.network(self._device.pictures(batch.pictures))
        loss = character_loss(seen.characters.float(), batch.labels.to(device))
        attention, centres = seen.attention.float(), batch.centres.to(device)
        loss = loss + self._options.guidance * guidance_loss(attention, centres)
        if seen.regions is not None:
            wrong = region_loss(seen.regions.float(), batch.regions.to(device), self._members)
            loss = loss + self._options.region_weight * wrong
        return loss

    def _follow(self) -> None:
        decay = min(_AVERAGE_DECAY, (self.step + 1) / (self.step + 20))
        with torch.no_grad():
            pairs = zip(
                self.average.state_dict().values(), self.network.state_dict().values(), strict=True
            )
            for slow, fast in pairs:
                if slow.dtype.is_floating_point:
                    slow.lerp_(fast, 1 - decay)
                else:
                    slow.copy_(fast)

    def _parameters(self, *, head: bool) -> list[torch.nn.Parameter]:
        named = self.network.named_parameters()
        return [p for name, p in named if name.startswith(_HEAD) == head]


def _take(network: PlateReader, stored: dict[str, Any]) -> None:
    missing, strange = network.load_state_dict(stored, strict=False)
    wrong = [*strange, *(name for name in missing if not name.startswith(_HEAD))]
    if wrong:
        raise RuntimeError(f"{', '.join(wrong[:6])} differ")


def _groups(parameters: list[torch.nn.Parameter], weight_decay: float) -> list[dict[str, Any]]:
    return [
        {"params": [p for p in parameters if p.ndim > 1], "weight_decay": weight_decay},
        {"params": [p for p in parameters if p.ndim <= 1], "weight_decay": 0.0},
    ]
