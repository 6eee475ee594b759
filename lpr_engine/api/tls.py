"""HTTPS from files, which are read again when a renewal has changed them."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TypeAlias

from aiohttp import web

from lpr_engine.model.errors import ApiError

_LOGGER = logging.getLogger(__name__)

_LOOK_EVERY_S = 30.0

_Stamp: TypeAlias = tuple[tuple[int, int, int], ...]


class Certificate:
    """A certificate and its key, in use and on disk.

    Each handshake takes what was read last. A renewal that cannot be used, such as a new chain
    whose key is still to come, leaves the one before in use and is tried again.
    """

    def __init__(self, chain: Path, key: Path) -> None:
        """Read the files.

        Raises:
            ApiError: they cannot be read, or do not belong together.
        """
        self._files = (chain, key)
        self._stamp = self._stamp_now()
        self._current = self._read()
        self._trouble: str | None = None
        self.context = self._read()
        # Loading a second certificate into the same context would leave the first beside it
        # when the key is of another kind; a fresh context for each handshake does not.
        self.context.sni_callback = self._choose

    async def lifespan(self, _app: web.Application) -> AsyncIterator[None]:
        """Look for a renewal now and then."""
        looking = asyncio.create_task(self._look())
        yield
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)

    def refresh(self) -> None:
        """Take a renewed certificate, if there is one."""
        try:
            stamp = self._stamp_now()
            if stamp == self._stamp:
                return
            self._current = self._read()
        except ApiError as error:
            self._state_trouble(str(error))
            return
        self._stamp = stamp
        self._trouble = None
        _LOGGER.info("The renewed TLS certificate is in use")

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_EVERY_S)
            await asyncio.to_thread(self.refresh)

    def _choose(
        self, connection: ssl.SSLObject, _name: str | None, _context: ssl.SSLContext
    ) -> None:
        connection.context = self._current

    def _read(self) -> ssl.SSLContext:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        try:
            # Without a password at hand OpenSSL would ask for one at the terminal.
            context.load_cert_chain(*self._files, password=lambda: "")
        except (OSError, ValueError) as err:
            what = err.strerror if isinstance(err, OSError) else None
            raise ApiError(f"the TLS certificate cannot be used: {what or err}") from err
        return context

    def _stamp_now(self) -> _Stamp:
        try:
            known = [path.stat() for path in self._files]
        except OSError as err:
            raise ApiError(f"the TLS certificate cannot be read: {err.strerror}") from err
        return tuple((one.st_mtime_ns, one.st_size, one.st_ino) for one in known)

    def _state_trouble(self, trouble: str) -> None:
        if trouble != self._trouble:
            _LOGGER.error("The certificate before stays in use: %s", trouble)
        self._trouble = trouble
