"""Composing texts: what a block remembers of them, and that nothing else does."""

from __future__ import annotations

import pytest

from lpr_engine.config.problems import Problem
from lpr_engine.config.syntax import compose, each_text_once

TEXT = "retention: {passages_days: 14}\n"
OTHER = "retention: {passages_days: 15}\n"
BROKEN = "retention: {passages_days\n"


def test_within_a_block_a_text_is_composed_once() -> None:
    with each_text_once():
        first = compose(TEXT, "lpr.yaml")
        compose(OTHER, "lpr.yaml")

        assert compose(TEXT, "lpr.yaml") is first


@pytest.mark.parametrize("between", [True, False])
def test_behind_a_block_texts_are_forgotten(between: bool) -> None:
    with each_text_once():
        first = compose(TEXT, "lpr.yaml")
    if between:
        assert compose(TEXT, "lpr.yaml") is not compose(TEXT, "lpr.yaml")

    with each_text_once():
        assert compose(TEXT, "lpr.yaml") is not first


def test_a_mistake_names_the_file_that_was_asked_about() -> None:
    with each_text_once():
        problems = [compose(BROKEN, file) for file in ("lpr.yaml", "secrets.yaml")]

    assert [one.file for one in problems if isinstance(one, Problem)] == [
        "lpr.yaml",
        "secrets.yaml",
    ]
