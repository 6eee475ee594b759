"""Problems: said once when they begin, once when they are over."""

from __future__ import annotations

import logging

import pytest

from lpr_engine.store.problems import ProblemBoard


def test_problem_is_said_once_each_way(caplog: pytest.LogCaptureFixture) -> None:
    board = ProblemBoard()
    with caplog.at_level(logging.INFO):
        for _ in range(3):
            board.begin("disk", "the disk is full")
        assert board.has("disk")
        assert board.current == ("the disk is full",)
        for _ in range(3):
            board.end("disk")

    assert not board.has("disk")
    assert board.current == ()
    assert [record.getMessage() for record in caplog.records] == [
        "the disk is full",
        "over: the disk is full",
    ]


def test_problems_keep_their_order() -> None:
    board = ProblemBoard()
    for name in "cab":
        board.begin(name, name)

    assert board.current == ("c", "a", "b")
