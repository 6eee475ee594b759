"""Answers are found by threads that let cameras go first."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Mapping
from typing import Any

import pytest
from aiohttp import web

from lpr_engine.api.answer import json_answer
from lpr_engine.api.asking import ask as found_elsewhere
from lpr_engine.api.route import Answer, Route
from lpr_engine.api.yielding import NICENESS
from tests.lpr_engine.api.serving import ask, serving


def niceness() -> int:
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


class Mirror:
    """Tells the priority of the thread that finds answers, and of the one that sends them."""

    def routes(self) -> tuple[Route, ...]:
        return (Route("GET", "/niceness", self.answer, None, "n", "t", (Answer(200, "Both."),)),)

    def schemas(self) -> Mapping[str, dict[str, Any]]:
        return {}

    async def answer(self, _request: web.Request) -> web.Response:
        return json_answer({"finding": await found_elsewhere(niceness), "sending": niceness()})


@pytest.mark.skipif(sys.platform != "linux", reason="threads have no priority of their own there")
def test_what_finds_answers_steps_back_and_what_sends_them_does_not() -> None:
    usual = niceness()

    with serving([Mirror()]) as server:
        status, body = ask(server, "/niceness")

    assert status == 200
    assert json.loads(body) == {"finding": min(19, usual + NICENESS), "sending": usual}
    assert niceness() == usual
