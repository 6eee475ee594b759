"""The door of a whole running engine for tests, whose entrance believes names."""

from __future__ import annotations

import dataclasses
import json
import socket
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import cv2
import numpy as np
from argon2 import PasswordHasher

from lpr_engine.api.passages import PASSAGE_ID
from lpr_engine.app.engine import Engine
from lpr_engine.config.sections import (
    ApiSection,
    BackupSection,
    CameraSection,
    Configuration,
    MqttSection,
    StorageSection,
)
from tests.lpr_engine.api.serving import ScriptedEntrance
from tests.lpr_engine.pipeline.scripted import update


@contextmanager
def whole_door(folder: Path) -> Iterator[str]:
    """The URL of everything that an engine serves, with all the requests one can make."""
    still = folder / "still.png"
    cv2.imwrite(str(still), np.full((72, 128, 3), 90, np.uint8))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        configuration = Configuration(
            cameras=(CameraSection(id="still", source=str(still), repeat=True, fps=5),),
            mqtt=MqttSection(host="127.0.0.1", port=taken.getsockname()[1]),
            storage=StorageSection(directory=folder / "data"),
            backup=BackupSection(directory=folder / "backups"),
            api=ApiSection(port=0, requests_per_second=10_000),
        )
        engine = Engine(configuration, entrance=ScriptedEntrance())
        with patch("lpr_engine.api.access.passwords.usual_hasher", cheap_hasher):
            engine.start()
        keep_example(engine)
        try:
            yield engine.api_url.replace("localhost", "127.0.0.1")
        finally:
            engine.stop()


def cheap_hasher() -> PasswordHasher:
    """Hashing as it is slow in earnest would be most of what such tests do."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def keep_example(engine: Engine) -> None:
    """Keep a passage with the id that the document's examples name."""
    one = update("still")
    passage = dataclasses.replace(one.passage, id=str(PASSAGE_ID.example), engine="engine")
    engine._store.commit(dataclasses.replace(one, passage=passage))


def document_of(url: str) -> dict[str, Any]:
    """The OpenAPI document that the door shows to everybody."""
    with urllib.request.urlopen(f"{url}/api/v1/openapi.json", timeout=10) as answer:  # noqa: S310 - http
        return dict(json.load(answer))
