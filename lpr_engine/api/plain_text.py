"""Text that can be kept, sent and shown: no half characters, no NUL."""

from __future__ import annotations

import re

_NO_TEXT = re.compile("[\x00\ud800-\udfff]")


def is_plain(text: str) -> bool:
    """Whether UTF-8 can write it and a database keeps it whole."""
    return _NO_TEXT.search(text) is None
