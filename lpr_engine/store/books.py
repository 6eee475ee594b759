"""What people keep and say, beside what cameras see: vehicles, lists, remarks, corrections."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import uuid6

from lpr_engine.model.clock import Clock
from lpr_engine.store.corrections import Corrections
from lpr_engine.store.expiry import Expiry
from lpr_engine.store.lists import ListRepository
from lpr_engine.store.passage_changes import PassageChanges
from lpr_engine.store.reader import Reader
from lpr_engine.store.register import PlateRegister
from lpr_engine.store.remarks import RemarkRepository
from lpr_engine.store.thread import StoreThread
from lpr_engine.store.vehicle_import import VehicleImporter
from lpr_engine.store.vehicles import VehicleRepository


@dataclass(frozen=True, slots=True)
class Books:
    """All of them, over one thread that writes and one connection that reads."""

    register: PlateRegister
    vehicles: VehicleRepository
    lists: ListRepository
    vehicle_import: VehicleImporter
    remarks: RemarkRepository
    corrections: Corrections
    changes: PassageChanges
    reader: Reader

    def close(self) -> None:
        """End reading; whoever asks after it gets a StoreError."""
        self.reader.close()


def open_books(directory: Path, thread: StoreThread, clock: Clock, expiry: Expiry) -> Books:
    """The books of a store's folder, whose thread has started.

    Raises:
        StoreError: the database cannot be read.
    """
    reader = Reader(directory)
    register = PlateRegister(thread, reader)
    return Books(
        register,
        VehicleRepository(register, clock),
        ListRepository(register, clock),
        VehicleImporter(register, clock, lambda: str(uuid6.uuid7())),
        RemarkRepository(thread, reader, clock),
        Corrections(reader),
        PassageChanges(thread, clock, expiry),
        reader,
    )
