"""Short-lived signed URLs: pictures for who cannot sign in, such as a notification."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from aiohttp import web

from lpr_engine.model.access_ports import DoorSecrets
from lpr_engine.model.clock import Clock

MAX_LIFETIME: Final = timedelta(days=1)
_SECONDS = re.compile(r"[1-9][0-9]{0,11}")
_QUERY: Final = {"expires", "signature"}


@dataclass(frozen=True, slots=True)
class LinkSigner:
    """Signs a path until a time with HMAC-SHA256, and knows its signatures again."""

    secrets: Callable[[], DoorSecrets]
    clock: Clock

    def end_of(self, lifetime: timedelta) -> datetime:
        """When a link that is made now for so long is over, in whole seconds."""
        return (self.clock.now() + min(lifetime, MAX_LIFETIME)).replace(microsecond=0)

    def sign(self, path: str, expires_at: datetime) -> str:
        """The path with the query that opens it until then."""
        expires = int(expires_at.timestamp())
        key_id, key = next(iter(self.secrets().keys.items()))
        signature = _signature(key, key_id, path, expires)
        return f"{path}?expires={expires}&signature={key_id}.{signature}"

    def fits(self, request: web.Request) -> bool:
        """Whether the request's own signature opens its path now.

        One that would last longer than any that is handed out was made by a clock that was
        ahead, and does not count.
        """
        query = request.query
        if set(query) != _QUERY or len(query) != len(_QUERY):
            return False
        expires, shown = query["expires"], query["signature"]
        if not _SECONDS.fullmatch(expires):
            return False
        left_s = int(expires) - self.clock.now().timestamp()
        if not 0 < left_s <= MAX_LIFETIME.total_seconds():
            return False
        key_id, _, signature = shown.partition(".")
        key = self.secrets().keys.get(key_id)
        if key is None:
            return False
        wanted = _signature(key, key_id, request.path, int(expires))
        return hmac.compare_digest(signature.encode("utf-8", "replace"), wanted.encode())


def _signature(key: bytes, key_id: str, path: str, expires: int) -> str:
    text = f"GET\n{path}\n{expires}\n{key_id}"
    digest = hmac.digest(key, text.encode("utf-8", "replace"), hashlib.sha256)
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
