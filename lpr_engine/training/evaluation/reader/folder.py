"""The reader's report as files: figures, a line for each plate, and three pictures."""

from __future__ import annotations

import json
from pathlib import Path

from lpr_engine.training.evaluation.reader.failures import failure_sheet
from lpr_engine.training.evaluation.reader.figures import ReaderReport
from lpr_engine.training.evaluation.reader.plots import confusion_plot, reliability_plot
from lpr_engine.training.evaluation.reader.tables import report_to_json, rows_as_csv
from lpr_engine.training.evaluation.report_files import ReportFiles, ReportFolderError

__all__ = ["ReportFolder", "ReportFolderError"]


class ReportFolder:
    """A folder that takes one report; a later report replaces the files of an earlier one."""

    def __init__(self, path: Path) -> None:
        """Make the folder.

        Raises:
            ReportFolderError: it cannot be made or written.
        """
        self._files = ReportFiles(path)

    def write(self, report: ReaderReport) -> None:
        """Write every file, each whole or not at all.

        Raises:
            ReportFolderError: one cannot be written; those before it stay.
        """
        report_json = json.dumps(report_to_json(report), ensure_ascii=False, indent=1) + "\n"
        self._files.write(
            {
                "report.json": report_json.encode(),
                "rows.csv": rows_as_csv(report).encode(),
                "confusion.png": confusion_plot(report),
                "reliability.png": reliability_plot(report),
                "failures.png": failure_sheet(report),
            }
        )
