"""Which places of a configuration hold secrets, told by their path alone."""

from __future__ import annotations

import dataclasses
import typing
from functools import cache

from lpr_engine.config.problems import KeyPath
from lpr_engine.config.sections import CameraSection, Configuration, Zone, is_secret_field

CAMERAS = "cameras"
_ZONES = "zones"


def is_open(path: KeyPath) -> bool:
    """Whether what stands there may be shown, but for the credentials in a URL.

    Only known keys are: a misspelt `pasword` may hold one.
    """
    if path[:1] == (CAMERAS,):
        return _is_open_in_camera(path[2:])
    if len(path) < 2 or path[0] not in _section_keys():
        return False
    return path[1] in _section_keys()[str(path[0])] and _only_indexes(path[2:])


def _is_open_in_camera(path: KeyPath) -> bool:
    if path[:1] == (_ZONES,) and len(path) > 2 and isinstance(path[1], int):
        known = {field.name for field in dataclasses.fields(Zone)}
        return _only_indexes(path[2:]) or (path[2] in known and _only_indexes(path[3:]))
    return bool(path) and path[0] in _open_fields(CameraSection) and _only_indexes(path[1:])


def _only_indexes(path: KeyPath) -> bool:
    return all(isinstance(part, int) for part in path)


@cache
def _section_keys() -> dict[str, frozenset[str]]:
    kinds = typing.get_type_hints(Configuration)
    return {name: _open_fields(kind) for name, kind in kinds.items() if name != CAMERAS}


@cache
def _open_fields(kind: type) -> frozenset[str]:
    return frozenset(one.name for one in dataclasses.fields(kind) if not is_secret_field(one))
