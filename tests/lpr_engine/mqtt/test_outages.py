"""Brokers that die, freeze and swallow: every row arrives, in order, none twice as new."""

import threading
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

TOPICS = ("lpr/test/passage", "lpr/test/camera/gate/event")
ROWS = 120


@pytest.fixture
def gated(gate, make_bench):
    return make_bench(gate.port)


class Traffic:
    """Commits rows steadily from a thread of its own."""

    def __init__(self, bench, publisher, passages):
        self._thread = threading.Thread(target=self._drive, args=(bench, publisher, passages))
        self._thread.start()

    def _drive(self, bench, publisher, passages):
        for number in range(ROWS):
            bench.commit(publisher, passages(number))
            time.sleep(0.005)

    def done(self):
        self._thread.join()


def arrived(subscriber, topic):
    return [arrival.json() for arrival in subscriber.of(topic)]


def check_promise(subscriber, wait):
    for topic in TOPICS:
        wait(
            lambda topic=topic: len({row["id"] for row in arrived(subscriber, topic)}) == ROWS,
            f"every row on {topic}",
        )
        rows = arrived(subscriber, topic)
        first = list(dict.fromkeys(row["sequence"] for row in rows))
        assert first == list(range(1, ROWS + 1))
        as_new = Counter((row["id"], row["revision"]) for row in rows if not row["redelivered"])
        assert max(as_new.values()) == 1
        assert all(row["late"] for row in rows if row["redelivered"])


def let_arrive(subscriber):
    """What a broker took and passed on dies with it, where its listener has not read it yet."""
    before = -1
    while before != (before := len(subscriber.of(TOPICS[0]))):
        time.sleep(0.2)


def test_broker_killed_and_restarted_in_traffic(broker, gate, gated, subscriber, passages, wait):
    publisher = gated.start()
    traffic = Traffic(gated, publisher, passages)
    for life in (2, 3):
        wait(lambda life=life: len(subscriber.of(TOPICS[0])) >= 30 * (life - 1), "traffic")
        gate.shut()
        let_arrive(subscriber)
        broker.kill()
        broker.start()
        # What a broker without a listener takes is nobody's: the subscriber is back first.
        subscriber.wait_subscribed(life)
        gate.open()
    traffic.done()

    check_promise(subscriber, wait)
    assert wait(lambda: gated.outbox.depth() == 0, "outbox empty")


def test_broker_paused_in_traffic(broker, bench, subscriber, passages, wait):
    publisher = bench.start()
    traffic = Traffic(bench, publisher, passages)
    wait(lambda: len(subscriber.of(TOPICS[0])) >= 20, "traffic")
    broker.pause()
    wait(lambda: publisher.trouble is not None, "the publisher gives the connection up")
    broker.resume()
    traffic.done()

    check_promise(subscriber, wait)
    assert wait(lambda: bench.outbox.depth() == 0, "outbox empty")


def test_acknowledgements_never_come(gate, gated, subscriber, passages, wait):
    publisher = gated.start()
    traffic = Traffic(gated, publisher, passages)
    wait(lambda: len(subscriber.of(TOPICS[0])) >= 20, "traffic")
    gate.downward.clear()
    wait(lambda: publisher.trouble is not None, "the publisher gives the connection up")
    gate.downward.set()
    traffic.done()

    check_promise(subscriber, wait)
    assert any(row["redelivered"] for row in arrived(subscriber, TOPICS[0]))


def test_half_open_connection_is_found_by_the_keepalive(gate, gated, subscriber, wait):
    publisher = gated.start()
    wait(lambda: subscriber.last("lpr/test/status"), "online")
    gate.upward.clear()
    gate.downward.clear()

    wait(lambda: publisher.trouble is not None, "the publisher gives the connection up")
    gate.upward.set()
    gate.downward.set()
    assert wait(lambda: publisher.trouble is None, "connected again")


def test_broker_unreachable_from_the_start(gate, gated, subscriber, passages, wait):
    gate.shut()
    publisher = gated.start()
    traffic = Traffic(gated, publisher, passages)
    wait(lambda: publisher.trouble is not None, "trouble")
    traffic.done()
    assert gated.outbox.depth() == ROWS
    gate.open()

    check_promise(subscriber, wait)
    # Nothing was attempted while there was no broker, so nothing is a repetition.
    assert not any(row["redelivered"] for row in arrived(subscriber, TOPICS[0]))


def test_trouble_is_logged_once(gate, gated, wait, caplog):
    gate.shut()
    publisher = gated.start()
    wait(lambda: publisher.trouble is not None, "trouble")
    time.sleep(1.0)  # several attempts
    publisher.stop()

    troubles = [record for record in caplog.records if "trying again" in record.getMessage()]
    assert len(troubles) == 1


def test_outbox_that_fails_holds_delivery_and_loses_nothing(
    bench, subscriber, passages, wait, caplog
):
    from lpr_engine.model.errors import StoreError

    publisher = bench.start()
    wait(lambda: subscriber.last("lpr/test/status"), "online")
    bench.outbox.failure = StoreError("database is locked")
    for number in range(ROWS):
        bench.commit(publisher, passages(number))
    wait(lambda: "database is locked" in caplog.text, "told")
    bench.outbox.failure = None

    check_promise(subscriber, wait)
    assert caplog.text.count("database is locked") == 1


def test_stop_is_clean_while_the_broker_is_frozen(broker, bench, passages, wait):
    publisher = bench.start()
    wait(lambda: publisher.connected, "connected")
    broker.pause()
    bench.commit(publisher, passages(1))
    publisher.stop()

    assert not publisher.running
    assert bench.outbox.depth() == 1
    broker.resume()


def test_stop_lets_what_is_on_its_way_arrive(bench, subscriber, passages, wait):
    publisher = bench.start()
    wait(lambda: publisher.connected, "connected")
    bench.commit(publisher, passages(1))
    wait(lambda: subscriber.of(TOPICS[0]), "on its way")
    publisher.stop()

    assert bench.outbox.depth() == 0


def test_nothing_is_sent_before_its_attempt_is_on_disk(bench, subscriber, passages, wait):
    noted = threading.Event()
    asked = threading.Event()
    mark = bench.outbox.mark_attempted

    def slow_disk(sequences):
        asked.set()
        assert noted.wait(30)
        mark(sequences)

    bench.outbox.mark_attempted = slow_disk
    publisher = bench.start()
    bench.commit(publisher, passages(1))
    assert asked.wait(30)
    subscriber.publish("after/the/attempt/began", b"")
    wait(lambda: subscriber.of("after/the/attempt/began"), "a later message")
    assert subscriber.of(TOPICS[0]) == []
    noted.set()
    wait(lambda: bench.outbox.depth() == 0, "delivered")
    wait(lambda: subscriber.of(TOPICS[0]), "heard")
    assert not subscriber.of(TOPICS[0])[0].json()["redelivered"]


def test_attempts_of_a_process_that_died_go_out_as_repetitions(bench, subscriber, passages, wait):
    for number in range(3):
        bench.outbox.put(passages(number))
    bench.outbox.mark_attempted([1, 2])
    bench.start()
    wait(lambda: bench.outbox.depth() == 0, "delivered")
    # The publisher may have its acknowledgement before the subscriber has the message.
    wait(lambda: len(arrived(subscriber, TOPICS[0])) == 3, "heard")
    rows = arrived(subscriber, TOPICS[0])
    assert [row["redelivered"] for row in rows] == [True, True, False]
    assert [row["late"] for row in rows] == [True, True, False]


def test_refused_passages_are_kept_until_the_broker_lets_them_in(
    make_broker, make_bench, passages, wait, tmp_path, caplog
):
    rights = tmp_path / "rights"
    rights.write_text("topic readwrite lpr/test/status\n")
    broker = make_broker("allow_anonymous true", f"acl_file {rights}")
    bench = make_bench(broker.port)
    publisher = bench.start()
    bench.commit(publisher, passages(1))
    wait(lambda: "broker refuses passages: Not authorized" in caplog.text, "told")
    wait(lambda: "Broker refuses lpr/test/announce: Not authorized" in caplog.text, "told")
    time.sleep(0.5)  # several attempts
    assert publisher.connected
    assert bench.outbox.depth() == 1
    assert caplog.text.count("broker refuses passages") == 1

    rights.write_text("topic readwrite #\n")
    broker.reload()
    wait(lambda: bench.outbox.depth() == 0, "delivered")


def test_slow_broker_costs_one_message_of_each_retained_topic(
    gate, gated, subscriber, passages, wait
):
    publisher = gated.start()
    wait(lambda: subscriber.of("lpr/test/camera/gate/state"), "state")
    gate.downward.clear()
    gate.upward.clear()
    for number in range(ROWS):
        gated.commit(publisher, passages(number, text=f"T{number}"))
        time.sleep(0.005)
    subscriber.forget()
    gate.upward.set()
    gate.downward.set()

    check_promise(subscriber, wait)
    wait(
        lambda: (
            subscriber.last("lpr/test/camera/gate/state").json()["last_plate"] == f"T{ROWS - 1}"
        ),
        "the newest state",
    )
    assert len(subscriber.of("lpr/test/camera/gate/state")) < 20


def test_what_was_committed_last_is_delivered_before_the_goodbye(bench, subscriber, passages, wait):
    bench.patience = replace(bench.patience, drain_s=20.0)
    publisher = bench.start()
    wait(lambda: publisher.connected and subscriber.of("lpr/test/status"), "connected")
    for number in range(30):
        bench.commit(publisher, passages(number))
    publisher.stop()

    wait(lambda: len(subscriber.of("lpr/test/status")) == 2, "goodbye")
    wait(lambda: not publisher.running, "ended")
    order = [a.topic for a in subscriber.arrivals if a.topic in (TOPICS[0], "lpr/test/status")]
    assert order == ["lpr/test/status", *[TOPICS[0]] * 30, "lpr/test/status"]
    assert bench.outbox.depth() == 0


def test_many_lost_connections_leave_nothing_behind(gate, gated, passages, wait):
    publisher = gated.start()
    wait(lambda: publisher.connected, "connected")

    def lose_one():
        # What is lost may be back before anybody looks: the gate counts.
        before = gate.accepted
        gate.cut()
        wait(lambda: gate.accepted > before and publisher.connected, "connected again")

    lose_one()
    threads, files = threading.active_count(), len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(30):
        lose_one()

    assert wait(lambda: threading.active_count() <= threads + 1, "threads gone")
    assert wait(lambda: len(list(Path("/proc/self/fd").iterdir())) <= files + 2, "sockets closed")
