"""From a file and the environment to a valid configuration, or to all that is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import voluptuous as vol

from lpr_engine.config.document import Document
from lpr_engine.config.environment import overlay, overridden
from lpr_engine.config.problems import ConfigurationRefusedError, KeyPath, Problem, dotted, in_order
from lpr_engine.config.reading import document_of, read_document, read_secrets
from lpr_engine.config.schema import configuration
from lpr_engine.config.secret import SECRETS_FILE, SecretSource
from lpr_engine.config.sections import Configuration
from lpr_engine.config.values import RefusedError, UnknownKeyError


@dataclass(frozen=True, slots=True)
class Loaded:
    """A configuration, None while it has `problems`, and where its values were written."""

    configuration: Configuration | None
    document: Document
    problems: tuple[Problem, ...]

    def checked(self) -> Configuration:
        """The configuration.

        Raises:
            ConfigurationRefusedError: it has mistakes; the error names all of them.
        """
        if self.configuration is None or self.problems:
            raise ConfigurationRefusedError(self.problems)
        return self.configuration


def load_configuration(path: Path, environment: Mapping[str, str]) -> Configuration:
    """Read and check a YAML file, or the add-on's `options.json`.

    Raises:
        ConfigurationRefusedError: the configuration has mistakes; the error names all of them.
    """
    return load(path, environment).checked()


def check_configuration(path: Path, environment: Mapping[str, str]) -> list[Problem]:
    """Every mistake of a configuration, by line; an empty list means that it can be loaded."""
    return list(load(path, environment).problems)


def load(
    path: Path,
    environment: Mapping[str, str],
    text: str | None = None,
    secrets_file: Path | None = None,
) -> Loaded:
    """Read and check a file, or `text` as if it stood there, with the secrets beside it."""
    base = path.absolute().parent
    secrets_file = secrets_file or base / SECRETS_FILE
    secrets = SecretSource(secrets_file, environment, read_secrets, overridden(environment))
    document = read_document(path, secrets) if text is None else document_of(text, path, secrets)
    problems = document.problems + secrets.problems
    if () in document.broken:
        return Loaded(None, document, tuple(in_order(problems)))
    overlay(document, environment)
    try:
        return Loaded(configuration(base)(document.data), document, tuple(in_order(problems)))
    except vol.Invalid as err:
        errors = err.errors if isinstance(err, vol.MultipleInvalid) else [err]
    problems += [_problem(document, error) for error in errors if not _is_told(document, error)]
    return Loaded(None, document, tuple(in_order(problems)))


def _path(error: vol.Invalid) -> KeyPath:
    return tuple(part if isinstance(part, int) else str(part) for part in error.path)


def _is_told(document: Document, error: vol.Invalid) -> bool:
    return document.is_broken(_path(error))


def _problem(document: Document, error: vol.Invalid) -> Problem:
    path = _path(error)
    key = dotted(path)
    if isinstance(error, RefusedError):
        place = document.place(path, of_key=isinstance(error, UnknownKeyError))
        return Problem(place, key, error.what, error.expected, error.hint)
    what = "this key is missing" if isinstance(error, vol.RequiredFieldInvalid) else error.msg
    return Problem(document.place(path), key, what)
