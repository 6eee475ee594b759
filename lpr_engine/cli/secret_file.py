"""Files that only their user can read, from their first byte on."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from lpr_engine.model.errors import LprError


class SecretFileError(LprError):
    """A file that is to hold a secret cannot be made."""

    code = "secret_file_refused"


@contextmanager
def new_secret_file(path: Path) -> Iterator[TextIO]:
    """A new file, to be written to; what is there already is never replaced.

    Raises:
        SecretFileError: it is there, or cannot be made.
    """
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except OSError as err:
        raise SecretFileError(f"{path}: {err.strerror or err}") from err
    try:
        with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123 - a descriptor
            yield file
    except BaseException:
        path.unlink(missing_ok=True)
        raise
