"""What tests of the reader's training share."""

from __future__ import annotations

import sys

import pytest


@pytest.fixture
def curves_undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """As without matplotlib: drawing takes longer than all else that a short training does."""
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
