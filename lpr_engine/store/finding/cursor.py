"""Where a page ended, as a word that only the same filter and order can go on from."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import struct

from lpr_engine.model.errors import CursorError
from lpr_engine.model.search import Order, PassageFilter
from lpr_engine.store.finding.hit import Place

_FORM = struct.Struct(">qqdi")
_SEAL_BYTES = 8


def write_cursor(place: Place, filters: PassageFilter, order: Order) -> str:
    """A word for URLs, the same for the same place."""
    content = _FORM.pack(place.seen_ms, place.number, place.confidence, place.key)
    sealed = content + _seal(content, filters, order)
    return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode("ascii")


def read_cursor(cursor: str, filters: PassageFilter, order: Order) -> Place:
    """The place that a cursor means.

    Raises:
        CursorError: it was not handed out for this filter and order.
    """
    sealed = _decode(cursor)
    content, seal = sealed[: _FORM.size], sealed[_FORM.size :]
    is_whole = len(content) == _FORM.size and len(seal) == _SEAL_BYTES
    if not is_whole or not hmac.compare_digest(seal, _seal(content, filters, order)):
        raise CursorError("the cursor was not handed out for this search")
    seen_ms, number, confidence, key = _FORM.unpack(content)
    return Place(seen_ms, number, confidence, key)


def _decode(cursor: str) -> bytes:
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        return base64.b64decode(padded, altchars=b"-_", validate=True)
    except (ValueError, binascii.Error) as err:
        raise CursorError("this is no cursor") from err


def _seal(content: bytes, filters: PassageFilter, order: Order) -> bytes:
    """A checksum over the place and all that the search asks for."""
    asked = repr((filters, order)).encode("utf-8", errors="backslashreplace")
    key = hashlib.sha256(asked).digest()
    return hashlib.blake2b(content, key=key, digest_size=_SEAL_BYTES).digest()
