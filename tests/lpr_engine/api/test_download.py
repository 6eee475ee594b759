"""Files written while they are sent: whole, or plainly not."""

from __future__ import annotations

import http.client
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any

import pytest
from aiohttp import web

from lpr_engine.api.download import download
from lpr_engine.api.route import Answer, Route
from lpr_engine.api.server import ApiServer
from lpr_engine.model.access import Scope
from lpr_engine.model.errors import StoreError
from tests.lpr_engine.api.serving import ADMIN, ask, serving


class Files:
    """A file of some chunks, which may break off."""

    def __init__(self) -> None:
        self.chunks: list[bytes] = []
        self.fails = False

    def routes(self) -> tuple[Route, ...]:
        answers = (Answer(200, "A file."),)
        return (Route("GET", "/file", self.file, Scope.READ, "A file", "x", answers, lasting=True),)

    def schemas(self) -> Mapping[str, Any]:
        return {}

    async def file(self, request: web.Request) -> web.StreamResponse:
        return await download(request, "file.txt", "text/plain", self._written())

    async def _written(self) -> AsyncIterator[bytes]:
        for chunk in self.chunks:
            yield chunk
        if self.fails:
            raise StoreError("the disk is gone")


@pytest.fixture
def files() -> Files:
    return Files()


@pytest.fixture
def server(files: Files) -> Iterator[ApiServer]:
    with serving([files]) as running:
        yield running


@pytest.mark.parametrize("chunks", [[], [b""], [b"a"], [b"a" * 200_000, b"", b"b"]])
def test_a_file_arrives_whole(files: Files, server: ApiServer, chunks: list[bytes]) -> None:
    files.chunks = chunks
    assert ask(server, "/file", headers=ADMIN) == (200, b"".join(chunks))


def test_what_fails_before_the_first_chunk_is_a_problem(files: Files, server: ApiServer) -> None:
    files.fails = True
    status, body = ask(server, "/file", headers=ADMIN)
    assert status == 503
    assert b"store_failed" in body


def test_a_file_that_breaks_off_does_not_look_whole(files: Files, server: ApiServer) -> None:
    files.chunks, files.fails = [b"half"], True
    with pytest.raises((http.client.IncompleteRead, ConnectionError)):
        ask(server, "/file", headers=ADMIN)
