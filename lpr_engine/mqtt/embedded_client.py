"""A client at the embedded broker's door: its greeting is looked at before it comes in.

The broker library speaks MQTT 3.1.1 and takes a greeting in MQTT 5 for one that never ends. Such a
client is told "unsupported protocol version", upon which it tries 3.1.1.
Protocol: MQTT 3.1.1 sections 2.2 and 3.1; MQTT 5 section 3.2.2.2.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging

from amqtt.adapters import StreamReaderAdapter, StreamWriterAdapter
from amqtt.broker import Broker
from amqtt.errors import AMQTTError, MQTTError, NoDataError

_LOGGER = logging.getLogger(__name__)

_GREETING_S = 10.0
_CONNECT = 0x10
_MQTT_5 = 5
_LARGEST_GREETING = 64 * 1024
_REFUSAL_BY_MQTT_5 = bytes([0x20, 3, 0, 0x84, 0])
"""CONNACK, 3 bytes: no session, reason 0x84 "unsupported protocol version", no properties."""


async def serve_client(
    broker: Broker, listener: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Serve one client from its greeting to its end; its socket is closed whatever happens."""
    try:
        greeting = await asyncio.wait_for(_read_greeting(reader), _GREETING_S)
        if _version(greeting) == _MQTT_5:
            writer.write(_REFUSAL_BY_MQTT_5)
            await writer.drain()
            return
        await broker.external_connected(
            _GreetedReader(greeting, reader), StreamWriterAdapter(writer), listener
        )
    except (OSError, EOFError, ValueError, asyncio.TimeoutError) as err:
        _LOGGER.debug("A client of the embedded broker left: %s", err)
    except (AMQTTError, MQTTError, NoDataError) as err:
        _LOGGER.debug("A client of the embedded broker was refused: %s", err)
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


class _GreetedReader:
    """A client's stream, as the broker reads it, with its greeting put back in front."""

    def __init__(self, greeting: bytes, reader: asyncio.StreamReader) -> None:
        self._stream = StreamReaderAdapter(reader)
        self._greeting = greeting

    def feed_eof(self) -> None:
        """Say that no more will come."""
        self._stream.feed_eof()

    async def read(self, n: int = -1) -> bytes:
        """Bytes as they came; the greeting is one whole packet, so no read spans its end."""
        if not self._greeting:
            return bytes(await self._stream.read(n))
        size = len(self._greeting) if n < 0 else n
        taken, self._greeting = self._greeting[:size], self._greeting[size:]
        return taken


async def _read_greeting(reader: asyncio.StreamReader) -> bytes:
    """The first packet, whole.

    Raises:
        EOFError, ValueError: it is no CONNECT.
    """
    head = await reader.readexactly(1)
    if head[0] != _CONNECT:
        raise ValueError("the first packet is no CONNECT")
    length = 0
    for shift in (0, 7, 14, 21):
        head += await reader.readexactly(1)
        length |= (head[-1] & 0x7F) << shift
        if head[-1] < 0x80:
            break
    if length > _LARGEST_GREETING:
        raise ValueError(f"a CONNECT of {length} bytes")
    return head + await reader.readexactly(length)


def _version(greeting: bytes) -> int | None:
    """The protocol version behind the protocol's name; None where it is too short for one."""
    body = greeting.find(b"MQTT")
    return greeting[body + 4] if 0 < body <= 7 and len(greeting) > body + 4 else None
