"""What all tests share."""

import os

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
