from hypothesis import given
from hypothesis import strategies as st

from lpr_engine.sources.backoff import Backoff


def test_the_ceiling_doubles_up_to_its_cap_and_starts_anew() -> None:
    asked: list[tuple[float, float]] = []

    def draw(low: float, high: float) -> float:
        asked.append((low, high))
        return low

    backoff = Backoff(0.5, 30.0, draw)
    for _ in range(8):
        backoff.next_delay_s()
    backoff.reset()
    backoff.next_delay_s()
    assert [high for _, high in asked] == [1, 2, 4, 8, 16, 30, 30, 30, 1]
    assert {low for low, _ in asked} == {0.5}


@given(st.integers(1, 40))
def test_every_wait_is_within_its_bounds(tries) -> None:
    backoff = Backoff(0.5, 30.0)
    waits = [backoff.next_delay_s() for _ in range(tries)]
    assert all(0.5 <= wait <= 30.0 for wait in waits)
