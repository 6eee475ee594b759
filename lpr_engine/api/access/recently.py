"""Uses that were noted a moment ago need not be noted again."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Final

_EVERY: Final = timedelta(minutes=1)


class Recently:
    """Whose use was noted within the last minute, for a bounded number of ids."""

    def __init__(self, most: int = 1024) -> None:
        self._most = most
        self._noted: OrderedDict[str, datetime] = OrderedDict()

    def is_due(self, key: str, kept: datetime | None, now: datetime) -> bool:
        """Whether it is time to note a use again; says so once a minute for each id."""
        last = self._noted.get(key, kept)
        if last is not None and abs(now - last) < _EVERY:
            return False
        self._noted[key] = now
        self._noted.move_to_end(key)
        while len(self._noted) > self._most:
            self._noted.popitem(last=False)
        return True
