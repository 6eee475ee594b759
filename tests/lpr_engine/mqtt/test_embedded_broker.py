"""The engine's own broker, with a real client."""

import asyncio
import socket
import threading

import pytest

from lpr_engine.mqtt.embedded_broker import EmbeddedBroker


@pytest.fixture
def embedded():
    broker = EmbeddedBroker(port=0)
    broker.start()
    yield broker
    broker.stop()


def subscribe_all(port, wait):
    from paho.mqtt.client import Client
    from paho.mqtt.enums import CallbackAPIVersion

    arrived, ready = [], threading.Event()
    client = Client(CallbackAPIVersion.VERSION2, client_id="listener")
    client.on_connect = lambda client, *_: client.subscribe("#", 1)
    client.on_subscribe = lambda *_: ready.set()
    client.on_message = lambda _client, _data, message: arrived.append(message)
    client.connect("127.0.0.1", port)
    client.loop_start()
    wait(ready.is_set, "subscribed")
    return client, arrived


def test_publisher_delivers_through_it(embedded, make_bench, passages, wait):
    listener, arrived = subscribe_all(embedded.port, wait)
    bench = make_bench(embedded.port)
    publisher = bench.start()
    for number in range(30):
        bench.commit(publisher, passages(number))

    wait(lambda: bench.outbox.depth() == 0, "outbox empty")
    wait(lambda: sum(m.topic == "lpr/test/passage" for m in arrived) == 30, "all arrived")
    publisher.stop()
    wait(lambda: arrived[-1].topic == "lpr/test/status", "goodbye")
    assert arrived[-1].payload == b"offline"
    listener.disconnect()
    listener.loop_stop()


def test_listens_on_loopback_only(embedded):
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", embedded.port)) == 0
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.2", embedded.port)) != 0


def test_takes_a_free_port_where_its_own_is_taken():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        broker = EmbeddedBroker(port=taken.getsockname()[1])
        port = broker.start()
        assert port not in (0, taken.getsockname()[1])
        broker.stop()


def test_keeps_its_port_where_it_is_free():
    first = EmbeddedBroker(port=0)
    port = first.start()
    first.stop()
    second = EmbeddedBroker(port=port)
    assert second.start() == port
    second.stop()


def test_stop_without_start_and_twice():
    broker = EmbeddedBroker(port=0)
    broker.stop()
    assert broker.start() > 0
    broker.stop()
    broker.stop()


def test_works_beside_a_running_event_loop():
    async def run():
        broker = EmbeddedBroker(port=0)
        port = await asyncio.to_thread(broker.start)
        await asyncio.to_thread(broker.stop)
        return port

    assert asyncio.run(run()) > 0


def test_stop_is_clean_while_clients_are_connected(embedded, make_bench, wait):
    publisher = make_bench(embedded.port).start()
    wait(lambda: publisher.connected, "connected")
    embedded.stop()
    assert not embedded.running
    wait(lambda: publisher.trouble is not None, "the publisher notices")


@pytest.mark.parametrize(
    "greeting",
    [
        b"",
        b"GET / HTTP/1.1\r\n\r\n",
        b"\x10",
        b"\x10\xff\xff\xff\x7f",
        b"\x10\x02\x00",
        b"\x10\x00",
    ],
)
def test_strange_greetings_do_no_harm(embedded, make_bench, wait, greeting):
    with socket.create_connection(("127.0.0.1", embedded.port)) as stranger:
        stranger.sendall(greeting)
        publisher = make_bench(embedded.port).start()
        wait(lambda: publisher.connected, "connected")
        assert publisher.trouble is None


def test_a_client_of_mqtt_5_is_told_so(embedded):
    import paho.mqtt.client as paho
    from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

    told = threading.Event()
    reasons = []
    client = paho.Client(
        CallbackAPIVersion.VERSION2,
        protocol=MQTTProtocolVersion.MQTTv5,
        reconnect_on_failure=False,
    )
    client.on_connect = lambda _client, _data, _flags, reason, _props: (
        reasons.append(str(reason)),
        told.set(),
    )
    client.connect("127.0.0.1", embedded.port)
    client.loop_start()
    assert told.wait(20)
    client.loop_stop()
    assert reasons == ["Unsupported protocol version"]


def test_publisher_without_a_host_runs_its_own(make_bench, passages, wait):
    bench = make_bench(0)
    publisher = bench.start(host=None, port=0)
    bench.commit(publisher, passages(1))
    wait(lambda: bench.outbox.depth() == 0, "delivered")
    host, port = publisher.broker.split(":")
    assert host == "127.0.0.1"
    assert int(port) > 0
    publisher.stop()
    with socket.socket() as probe:
        assert probe.connect_ex((host, int(port))) != 0
