"""Threads that let cameras go first, and commits while a core is free: searches, figures, backups.

Whoever asks can wait a little; where every core is taken, several times as long.
"""

from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Final

NICENESS: Final = 10
"""Beside a thread of usual priority such a one gets a tenth of a contested core."""


def yielding_threads(most: int | None = None) -> ThreadPoolExecutor:
    """Threads for what blocks or computes on behalf of somebody who asks."""
    return ThreadPoolExecutor(most, thread_name_prefix="answers", initializer=give_way)


def give_way() -> None:
    """Lower the calling thread's priority, where threads have one of their own."""
    if sys.platform == "linux":
        # A sandbox may forbid even this; answers are worth more than their order.
        with suppress(OSError):
            os.nice(NICENESS)
