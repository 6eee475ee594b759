"""What all tests share."""

import logging
import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

# Machines are noisy: nothing is judged by its duration. Where a change is accepted, the same
# examples come each time; everywhere else new ones are tried.
settings.register_profile(
    "house",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=bool(os.environ.get("CI")),
)
settings.load_profile("house")


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    """A command that sets up logging for its process leaves other tests' logging alone."""
    root, engine = logging.getLogger(), logging.getLogger("lpr_engine")
    levels, handlers = (root.level, engine.level), list(root.handlers)
    yield
    root.setLevel(levels[0])
    engine.setLevel(levels[1])
    for handler in set(root.handlers) - set(handlers):
        root.removeHandler(handler)
