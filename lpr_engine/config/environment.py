"""Keys set by environment variables: `LPR_<SECTION>_<KEY>` goes over what the file says."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import fields

from lpr_engine.config.document import Document
from lpr_engine.config.problems import KeyPath, Place
from lpr_engine.config.sections import Configuration
from lpr_engine.config.values import SecretText, did_you_mean

_LOGGER = logging.getLogger(__name__)

PREFIX = "LPR_"
PLACE_PREFIX = "environment variable "
_SECTIONS = Configuration()


def variables() -> dict[str, tuple[str, str]]:
    """Every variable with its section and key; cameras have none."""
    return {
        f"{PREFIX}{section.name}_{key.name}".upper(): (section.name, key.name)
        for section in fields(_SECTIONS)
        if section.name != "cameras"
        for key in fields(getattr(_SECTIONS, section.name))
    }


def overridden(environment: Mapping[str, str]) -> frozenset[KeyPath]:
    """The paths of the keys that the environment sets."""
    return frozenset(path for name, path in variables().items() if environment.get(name))


def overlay(document: Document, environment: Mapping[str, str]) -> None:
    """Put the variables that are set, and not empty, over the document's data."""
    known = variables()
    for name, value in environment.items():
        if name in known and value:
            _set(document, known[name], name, value)
        elif name.startswith(tuple(f"{PREFIX}{one.name}_".upper() for one in fields(_SECTIONS))):
            hint = did_you_mean(name, known)
            _LOGGER.warning("Environment variable %s is no key of a section; %s", name, hint)


def _set(document: Document, path: tuple[str, str], variable: str, value: str) -> None:
    section, key = path
    if document.data is None:
        document.data = {}
    if not isinstance(document.data, dict):
        return
    if document.data.get(section) is None and (section,) not in document.broken:
        document.data[section] = {}
    keys = document.data.get(section)
    if isinstance(keys, dict):
        keys[key] = SecretText(value)
        document.values[path] = document.keys[path] = Place(f"{PLACE_PREFIX}{variable}")
