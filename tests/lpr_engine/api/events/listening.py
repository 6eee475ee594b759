"""A subscriber for tests, and passages for it to hear of."""

from __future__ import annotations

import asyncio
import dataclasses
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta, timezone
from typing import Any

import aiohttp

from lpr_engine.model.passage import Passage, Stage, Verdict
from tests.lpr_engine.api.live_house import VIEWER, House, close_code, socket_to
from tests.lpr_engine.store.conftest import make_passage, make_update

EVENTS = "/api/v1/events"


def keep(
    built: House,
    text: str,
    passage_id: str | None = None,
    revision: int = 1,
    *,
    camera: str = "gate",
    stage: Stage | None = None,
    on_list: str | None = None,
    tell: bool = True,
    days_ago: int = 0,
) -> Passage:
    """Keep a revision as the pipeline does, and tell of it."""
    stage = stage or (Stage.PREVIEW if revision == 1 else Stage.FINAL)
    now = datetime.now(timezone.utc).replace(microsecond=0) - timedelta(days=days_ago)
    passage = make_passage(passage_id, revision, stage, text=text, camera=camera, seen=now)
    passage = dataclasses.replace(passage, last_seen=now, verdict=Verdict(list_name=on_list))
    kept = built.store.commit(make_update(passage))
    if tell:
        built.hub.passage_committed(kept)
    return kept


class Ear:
    """One subscriber's socket."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket

    async def next(self, within_s: float = 10.0) -> dict[str, Any]:
        """The next message."""
        message = await asyncio.wait_for(self.socket.receive(), within_s)
        assert message.type is aiohttp.WSMsgType.TEXT, message
        return dict(json.loads(message.data))

    async def until(self, wanted: Callable[[dict[str, Any]], bool]) -> list[dict[str, Any]]:
        """Messages up to the one that is wanted."""
        heard = [await self.next()]
        while not wanted(heard[-1]):
            heard.append(await self.next())
        return heard

    async def next_passage(self) -> dict[str, Any]:
        """The next passage."""
        return dict((await self.until(lambda one: one["type"] == "passage"))[-1]["passage"])

    async def until_sequence(self, number: int) -> list[dict[str, Any]]:
        """Passages up to the one with that number."""
        heard = await self.until(
            lambda one: one["type"] == "passage" and one["passage"]["sequence"] >= number
        )
        return [one["passage"] for one in heard if one["type"] == "passage"]

    async def end(self, within_s: float = 10.0) -> int | None:
        """The close code, after all that comes before it."""
        return await close_code(self.socket, within_s)


@asynccontextmanager
async def listening(
    built: House,
    resume_after: int | None = None,
    headers: Mapping[str, str] = VIEWER,
    **subscribe: Any,
) -> AsyncIterator[Ear]:
    """A subscriber who has asked."""
    async with socket_to(built, EVENTS, headers) as socket:
        await socket.send_json({"subscribe": subscribe, "resume_after": resume_after})
        yield Ear(socket)


def is_live(message: dict[str, Any]) -> bool:
    return bool(message["type"] == "live")
