"""Vehicles and lists as they are kept: what the store hands out, and the ports to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from lpr_engine.model.vehicle import PlateList, Vehicle


@dataclass(frozen=True, slots=True)
class KeptVehicle:
    """A vehicle with how often and when it was changed."""

    vehicle: Vehicle
    revision: int
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class KeptList:
    """A list with how often and when it was changed, and how many vehicles stand on it."""

    plate_list: PlateList
    revision: int
    updated_at: datetime
    vehicles: int


@dataclass(frozen=True, slots=True)
class VehicleFilter:
    """What vehicles must be like; None lets everything through.

    Each of `words` must be found in the plate, the label, the owner or the note; `text` is the
    whole plate.
    """

    words: str | None = None
    text: str | None = None
    list_name: str | None = None


@dataclass(frozen=True, slots=True)
class VehiclePage:
    """Vehicles by their text; `next_cursor` leads to those behind them, None at the end."""

    vehicles: tuple[KeptVehicle, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class ListPage:
    """Lists by name; `next_cursor` leads to those behind them, None at the end."""

    lists: tuple[KeptList, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Register:
    """All vehicles and lists at one instant: what the rules judge by."""

    vehicles: tuple[Vehicle, ...]
    lists: tuple[PlateList, ...]


class VehicleBook(Protocol):
    """The store as somebody who keeps vehicles sees it. Thread-safe; blocks shortly.

    `seen` is the revision that whoever changes something has before their eyes, None where they
    do not say. No two vehicles have the same text.

    Raises:
        StoreError: the store refused it.
    """

    def page(
        self, limit: int, cursor: str | None = None, filters: VehicleFilter | None = None
    ) -> VehiclePage:
        """Vehicles by text.

        Raises:
            CursorError: the cursor is none that a page handed out.
        """
        ...

    def get(self, vehicle_id: str) -> KeptVehicle:
        """One vehicle.

        Raises:
            VehicleUnknownError: there is none of that id.
        """
        ...

    def add(self, vehicle: Vehicle) -> KeptVehicle:
        """Keep a new vehicle.

        Raises:
            VehicleExistsError: its id is taken.
            PlateTakenError: another vehicle has its text.
            ListMissingError: one of its lists is not there.
        """
        ...

    def update(self, vehicle: Vehicle, seen: int | None = None) -> KeptVehicle:
        """Replace the vehicle of the same id.

        Raises:
            VehicleUnknownError: there is none of that id.
            ChangedMeanwhileError: it has another revision than `seen`.
            PlateTakenError: another vehicle has its text.
            ListMissingError: one of its lists is not there.
        """
        ...

    def remove(self, vehicle_id: str, seen: int | None = None) -> KeptVehicle:
        """Forget a vehicle, its passages stay; returns what was forgotten.

        Raises:
            VehicleUnknownError: there is none of that id.
            ChangedMeanwhileError: it has another revision than `seen`.
        """
        ...


class ListBook(Protocol):
    """The store as somebody who keeps lists sees it. Thread-safe; blocks shortly.

    Raises:
        StoreError: the store refused it.
    """

    def page(self, limit: int, cursor: str | None = None) -> ListPage:
        """Lists by name.

        Raises:
            CursorError: the cursor is none that a page handed out.
        """
        ...

    def get(self, name: str) -> KeptList:
        """One list.

        Raises:
            ListUnknownError: there is none of that name.
        """
        ...

    def add(self, plate_list: PlateList) -> KeptList:
        """Keep a new list.

        Raises:
            ListExistsError: its name is taken.
        """
        ...

    def update(self, plate_list: PlateList, seen: int | None = None) -> KeptList:
        """Change the meaning of the list of the same name.

        Raises:
            ListUnknownError: there is none of that name.
            ListFixedError: it is a standard list.
            ChangedMeanwhileError: it has another revision than `seen`.
        """
        ...

    def remove(self, name: str, seen: int | None = None, *, in_use: bool = False) -> KeptList:
        """Forget a list; with `in_use` its vehicles stand on it no longer.

        Raises:
            ListUnknownError: there is none of that name.
            ListFixedError: it is a standard list.
            ListInUseError: vehicles stand on it, and `in_use` is not said.
            ChangedMeanwhileError: it has another revision than `seen`.
        """
        ...


class RegisterSource(Protocol):
    """The store as the rules' keeper sees it."""

    def register(self) -> Register:
        """All vehicles and lists at one instant.

        Raises:
            StoreError: the store refused it, or a row makes no sense.
        """
        ...
