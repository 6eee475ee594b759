"""What all tests of training share."""

from __future__ import annotations

import sys

import pytest


@pytest.fixture(autouse=True)
def one_thread() -> None:
    """Networks this small are no faster with more, and tests run side by side."""
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.set_num_threads(1)
