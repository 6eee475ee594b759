"""A door over a real store, for what people keep and say."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from email.message import Message
from pathlib import Path
from typing import Any

from lpr_engine.api.server import ApiServer
from lpr_engine.app.live_rules import LiveRules
from lpr_engine.app.passage_desk import PassageDesk
from lpr_engine.app.people_door import people_groups
from lpr_engine.config.sections import ApiSection, StorageSection
from lpr_engine.model.clock import SystemClock
from lpr_engine.model.passage import Passage, Stage
from lpr_engine.plates.rules import PlateRules
from lpr_engine.store.store import PassageStore
from tests.lpr_engine.api.passage_schemas import PassageSchemas
from tests.lpr_engine.api.serving import WHO, serving
from tests.lpr_engine.pipeline.scripted import update

_NUMBERED = "01900000-0000-7000-8000-{:012x}"


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    headers: Message
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """The problem's code."""
        assert self.headers.get_content_type() == "application/problem+json"
        assert self.json["status"] == self.status
        return str(self.json["code"])

    @property
    def faults(self) -> dict[str, str]:
        """Where something is wrong, and what."""
        return {fault["where"]: fault["detail"] for fault in self.json.get("errors", [])}


@dataclass(frozen=True)
class Door:
    """Asks as an operator unless told otherwise."""

    server: ApiServer
    store: PassageStore
    rules: PlateRules

    def ask(
        self, method: str, path: str, body: object = None, who: str | None = "operator", **headers
    ) -> Reply:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if who is not None:
            sent[WHO] = who
        data = body if isinstance(body, bytes) else None
        if body is not None and data is None:
            data = json.dumps(body).encode()
            sent.setdefault("Content-Type", "application/json")
        url = f"http://127.0.0.1:{self.server.port}/api/v1{path}"
        request = urllib.request.Request(url, data, sent, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - http
                return Reply(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as refusal:
            with refusal:
                return Reply(refusal.code, refusal.headers, refusal.read())

    def get(self, path: str, **headers) -> Reply:
        return self.ask("GET", path, **headers)

    def add(self, **vehicle) -> Any:
        """A new vehicle's JSON."""
        reply = self.ask("POST", "/vehicles", vehicle)
        assert reply.status == 201, reply.body
        return reply.json

    def see(self, number: int = 1, stage: Stage = Stage.FINAL, **facts) -> Passage:
        """A passage that a camera saw just now."""
        now = SystemClock().now().replace(microsecond=0)
        one = update(stage=stage)
        plain = {"id": passage_id(number), "text": "AB123C", "first_seen": now, "last_seen": now}
        return self.store.commit(replace(one, passage=replace(one.passage, **plain, **facts)))


def passage_id(number: int) -> str:
    return _NUMBERED.format(number)


@contextmanager
def people_door(folder: Path) -> Iterator[Door]:
    """A running door over a new store."""
    folder.mkdir(exist_ok=True)
    with PassageStore(StorageSection(directory=folder / "data")) as store:
        rules = PlateRules((), (), SystemClock())
        live = LiveRules(rules, store.books.register)
        live.load()
        store.books.register.listen(live.changed)
        desk = PassageDesk(store.books.changes, rules, store.search.get, store.search.last_final)
        groups = people_groups(store, rules, desk, SystemClock())
        section = ApiSection(port=0, requests_per_second=10_000)
        with serving((*groups, PassageSchemas()), section) as server:
            yield Door(server, store, rules)
