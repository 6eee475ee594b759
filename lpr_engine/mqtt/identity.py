"""Who this engine is, as it tells the world."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EngineIdentity:
    """An engine's public identity; nothing in it is secret."""

    id: str
    name: str
    version: str
    api_url: str | None = None
    public_key_fingerprint: str | None = None
