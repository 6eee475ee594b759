from lpr_engine.mqtt.patience import Backoff


def test_pauses_grow_to_their_cap_with_jitter():
    backoff = Backoff(1.0, 8.0)
    for full_s in (1.0, 2.0, 4.0, 8.0, 8.0, 8.0):
        assert full_s / 2 <= backoff.next_s() <= full_s


def test_a_thousand_failures_do_not_overflow():
    backoff = Backoff(0.5, 60.0)
    assert max(backoff.next_s() for _ in range(1000)) <= 60.0


def test_success_starts_over():
    backoff = Backoff(1.0, 60.0)
    for _ in range(5):
        backoff.next_s()
    backoff.reset()
    assert backoff.next_s() <= 1.0
