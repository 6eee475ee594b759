"""What finding passages by the number of their newest revision needs."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = ("CREATE INDEX passages_by_sequence ON passages (sequence)",)
