"""What differs between two configurations, key by key, as it may be shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lpr_engine.config.entries import Entry, entries
from lpr_engine.config.secrecy import CAMERAS
from lpr_engine.config.sections import Configuration


@dataclass(frozen=True, slots=True)
class Seen:
    """A configuration and the names of the keys in it that `!secret` and `!env` fill."""

    configuration: Configuration
    hidden: frozenset[str] = frozenset()

    def entries(self) -> list[Entry]:
        """Every key of it."""
        return entries(self.configuration, self.hidden)


@dataclass(frozen=True, slots=True)
class Difference:
    """One key that holds something else; a camera that comes or goes is one key `cameras[id]`."""

    name: str
    form: str
    before: object
    after: object


def differences(before: Seen, after: Seen) -> tuple[Difference, ...]:
    """What changes, in the sections' order."""
    old = {entry.name: entry for entry in before.entries()}
    new = {entry.name: entry for entry in after.entries()}
    was, becomes = _cameras(before), _cameras(after)
    changed = [
        Difference(name, entry.form, old[name].shown, entry.shown)
        for name, entry in new.items()
        if name in old and old[name].value != entry.value
    ]
    gone = [_camera(one, _shown(one, old.values()), None) for one in was if one not in becomes]
    come = [_camera(one, None, _shown(one, new.values())) for one in becomes if one not in was]
    return (*changed, *gone, *come)


def _cameras(seen: Seen) -> tuple[str, ...]:
    return tuple(camera.id for camera in seen.configuration.cameras)


def _camera(camera: str, before: object, after: object) -> Difference:
    return Difference(f"{CAMERAS}[{camera}]", f"{CAMERAS}[]", before, after)


def _shown(camera: str, found: Iterable[Entry]) -> dict[str, object]:
    start = f"{CAMERAS}[{camera}]."
    return {
        entry.name.removeprefix(start): entry.shown
        for entry in found
        if entry.name.startswith(start)
    }
