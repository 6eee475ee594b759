"""How fast one address may ask."""

from __future__ import annotations

import pytest

from lpr_engine.api.pace import TokenBuckets, client_of
from lpr_engine.config.sections import ApiSection
from tests.lpr_engine.api.echo import Echo
from tests.lpr_engine.api.serving import ask_json, raw, serving
from tests.lpr_engine.health.conftest import HandClock


def test_a_bucket_is_refilled_by_time_up_to_its_brim() -> None:
    clock = HandClock()
    buckets = TokenBuckets(clock, per_second=2)
    assert [buckets.take("a") for _ in range(8)] == [0] * 8
    assert buckets.take("a") == pytest.approx(0.5)
    assert buckets.take("b") == 0
    clock.advance(0.5)
    assert buckets.take("a") == 0
    assert buckets.take("a") > 0
    clock.advance(3600)
    assert [buckets.take("a") > 0 for _ in range(9)] == [False] * 8 + [True]


def test_many_clients_cost_bounded_memory_and_the_busiest_is_not_forgotten() -> None:
    clock = HandClock()
    buckets = TokenBuckets(clock, per_second=1, most_clients=10)
    for _ in range(4):
        buckets.take("busy")
    for number in range(1000):
        assert buckets.take(f"client {number}") == 0
        assert buckets.take("busy") > 0
        assert len(buckets) <= 10


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("10.0.0.1", "10.0.0.1"),
        ("::ffff:10.0.0.1", "10.0.0.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        (None, ""),
        ("", ""),
        ("unix", ""),
    ],
)
def test_clients_of_addresses(address: str | None, client: str) -> None:
    assert client_of(address) == client


def test_who_asks_too_fast_is_told_when_to_come_back() -> None:
    with serving([Echo()], ApiSection(port=0, requests_per_second=1)) as server:
        answers = [ask_json(server, "/open") for _ in range(6)]
        assert [status for status, _ in answers[:4]] == [200] * 4
        status, problem = answers[-1]
        assert (status, problem["code"]) == (429, "too_many_requests")
        answer = raw(server, "GET /nowhere HTTP/1.1\r\nHost: localhost\r\n")
        assert answer.startswith("HTTP/1.1 429")
        assert "\r\nRetry-After: 1\r\n" in answer
