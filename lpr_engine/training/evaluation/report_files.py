"""Files of a report, in a folder of their own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from lpr_engine.model.errors import LprError


class ReportFolderError(LprError):
    """The report cannot be kept where it was wanted."""

    code = "report_not_kept"


class ReportFiles:
    """A folder that takes one report; a later report replaces the files of an earlier one."""

    def __init__(self, path: Path) -> None:
        """Make the folder.

        Raises:
            ReportFolderError: it cannot be made or written.
        """
        self._path = path
        trial = path / ".trial"
        try:
            path.mkdir(parents=True, exist_ok=True)
            trial.touch()
            trial.unlink()
        except OSError as err:
            raise ReportFolderError(f"{path}: {err.strerror or err}") from err

    def write(self, files: Mapping[str, bytes]) -> None:
        """Write every file, each whole or not at all.

        Raises:
            ReportFolderError: one cannot be written; those before it stay.
        """
        for name, content in files.items():
            self._write(self._path / name, content)

    def _write(self, target: Path, content: bytes) -> None:
        partial = target.with_name(target.name + ".partial")
        try:
            partial.write_bytes(content)
            partial.replace(target)
        except OSError as err:
            partial.unlink(missing_ok=True)
            raise ReportFolderError(f"{target}: {err.strerror or err}") from err
