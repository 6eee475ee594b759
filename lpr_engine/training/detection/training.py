"""A training of the plate detector from its data folder to its run folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timezone

import cv2
import torch

import lpr_engine
from lpr_engine.training.detection.batches import Batch, compose_batch
from lpr_engine.training.detection.card import write_card
from lpr_engine.training.detection.dataset import Dataset, load_dataset
from lpr_engine.training.detection.export import export_network
from lpr_engine.training.detection.network import build_network, save_weights
from lpr_engine.training.detection.report import EpochReport
from lpr_engine.training.detection.run_folder import RunFolder
from lpr_engine.training.detection.scenes import SceneComposer
from lpr_engine.training.detection.settings import DetectorTraining
from lpr_engine.training.detection.starting import start_from
from lpr_engine.training.detection.trainer import DetectorTrainer

_CALIBRATION_BATCHES = 4


def run_training(training: DetectorTraining, progress: Callable[[EpochReport], None]) -> RunFolder:
    """Train, export and describe a detector; `train_detector` says what it raises."""
    torch.set_num_threads(training.threads)
    torch.manual_seed(training.seed)
    threads_before = cv2.getNumThreads()
    cv2.setNumThreads(1)  # composing pictures must not crowd out the network's own threads
    try:
        return _run(training, progress)
    finally:
        cv2.setNumThreads(threads_before)


def _run(training: DetectorTraining, progress: Callable[[EpochReport], None]) -> RunFolder:
    dataset = load_dataset(training)
    network = build_network()
    if training.start_weights is not None:
        start_from(network, training.start_weights, _first_batches(training, dataset))
    folder = RunFolder(training.run)
    folder.open(training)
    trainer = DetectorTrainer(training, dataset, network)

    def note(report: EpochReport) -> None:
        folder.record(report)
        progress(report)

    trainer.run(note)
    save_weights(trainer.averaged, folder.weights)
    export_network(trainer.averaged, folder.network, _facts(training))
    folder.card.write_text(write_card(training, dataset, trainer.validate()), "utf-8")
    folder.draw_curves()
    return folder


def _first_batches(training: DetectorTraining, dataset: Dataset) -> Iterator[Batch]:
    composer = SceneComposer(dataset, training.recipe)
    for index in range(_CALIBRATION_BATCHES):
        yield compose_batch(composer, training.schedule, training.seed, index)


def _facts(training: DetectorTraining) -> dict[str, str]:
    return {
        "version": lpr_engine.__version__,
        "trained": datetime.now(timezone.utc).date().isoformat(),
        "seed": str(training.seed),
    }
