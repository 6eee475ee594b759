"""The publisher at a real broker that is well."""

import json


def test_delivers_rows_in_order_on_both_topics(bench, subscriber, passages, wait):
    publisher = bench.start()
    for number in range(50):
        bench.commit(publisher, passages(number))

    wait(lambda: bench.outbox.depth() == 0, "outbox empty")

    for topic in ("lpr/test/passage", "lpr/test/camera/gate/event"):
        wait(lambda topic=topic: len(subscriber.of(topic)) == 50, "all arrived")
        arrived = [arrival.json() for arrival in subscriber.of(topic)]
        assert [row["sequence"] for row in arrived] == list(range(1, 51))
        assert not any(row["redelivered"] or row["late"] for row in arrived)
        assert not any(arrival.retained for arrival in subscriber.of(topic))


def test_says_online_and_after_a_clean_stop_offline(bench, subscriber, wait):
    publisher = bench.start()
    wait(lambda: subscriber.of("lpr/test/status"), "status")
    publisher.stop()
    wait(lambda: len(subscriber.of("lpr/test/status")) == 2, "status again")

    said = [arrival.payload for arrival in subscriber.of("lpr/test/status")]
    assert said == [b"online", b"offline"]


def test_introduces_engine_and_cameras(bench, subscriber, wait):
    bench.start("gate", "yard")
    for device in ("lpr_test", "lpr_test_gate", "lpr_test_yard"):
        topic = f"homeassistant/device/{device}/config"
        arrival = wait(lambda topic=topic: subscriber.last(topic), device)
        assert json.loads(arrival.payload)["device"]["identifiers"] == [device]
