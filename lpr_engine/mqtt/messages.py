"""What passes between a connection and its owner."""

from __future__ import annotations

from dataclasses import dataclass

LARGEST_COMMAND = 64 * 1024
"""Bytes; no command needs more, and of a larger one no more is kept than shows that it is."""


@dataclass(frozen=True, slots=True)
class Will:
    """What the broker says in our name when the connection breaks; retained, QoS 1."""

    topic: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class Receipt:
    """The broker's word on the message of a ticket; `refusal` is None where it took it."""

    message: int
    refusal: str | None = None


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message of somebody else; `overflow` when it came while too many waited."""

    topic: str
    payload: bytes
    response_topic: str | None = None
    correlation: bytes | None = None
    overflow: bool = False
