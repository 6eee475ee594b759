"""Chores go on after failures, say each once, and hold up neither each other nor the stop."""

import threading

import pytest

from lpr_engine.app.chores import Chore, Chores
from lpr_engine.model.errors import StoreError
from tests.lpr_engine.pipeline.scripted import wait_for


def test_one_that_hangs_holds_up_no_other(caplog: pytest.LogCaptureFixture) -> None:
    released, done = threading.Event(), []
    chores = Chores(
        [Chore("hanging", released.wait, 0.01), Chore("working", lambda: done.append(1), 0.01)]
    )
    chores.start()
    assert wait_for(lambda: len(done) > 3)
    chores.stop(timeout_s=0.1)
    released.set()


@pytest.mark.parametrize("error", [StoreError("the disk is away"), ZeroDivisionError("a defect")])
def test_trouble_is_logged_once_and_its_end_too(
    caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    caplog.set_level("INFO", "lpr_engine")
    tries: list[int] = []

    def fail_for_a_while() -> None:
        tries.append(1)
        if len(tries) < 5:
            raise error

    chores = Chores([Chore("counting", fail_for_a_while, 0.01)])
    chores.start()
    assert wait_for(lambda: len(tries) > 7)
    chores.stop()
    told = [one.getMessage() for one in caplog.records]
    assert len(told) == 2
    assert told[0].startswith("counting")
    assert told[1] == "counting works again"
