"""What Home Assistant and others see at a real broker besides passages."""

import json
from dataclasses import replace

import cv2
import numpy as np
import pytest
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from lpr_engine.model.figures import CameraHealth
from lpr_engine.model.passage import Stage

STATE = "lpr/test/camera/gate/state"
CROP = "lpr/test/camera/gate/crop"
DEVICE = "homeassistant/device/lpr_test_gate/config"


def state(subscriber, wait, **wanted):
    """The camera's state once it is as wanted."""

    def matches():
        arrival = subscriber.last(STATE)
        found = arrival.json() if arrival else {}
        return found if wanted.items() <= found.items() else None

    return wait(matches, f"state {wanted}")


def test_camera_state_follows_the_last_final(bench, subscriber, passages, wait):
    publisher = bench.start()
    first = state(subscriber, wait, last_plate=None)
    assert (first["fps"], first["confidence"], first["passages_today"]) == (9.9, 0.35, 0)

    bench.commit(publisher, passages(1, stage=Stage.PREVIEW, text="PREVIEW"))
    bench.figures.passages_today = 1
    bench.commit(publisher, passages(1, revision=2, text="FINAL1"))
    state(subscriber, wait, last_plate="FINAL1", passages_today=1)
    assert all(arrival.json()["last_plate"] != "PREVIEW" for arrival in subscriber.of(STATE))


def test_correction_changes_the_last_plate_only_if_it_is_the_last(
    bench, subscriber, passages, wait
):
    publisher = bench.start()
    bench.commit(publisher, passages(1, text="OLD"))
    bench.commit(publisher, passages(2, text="NEW"))
    state(subscriber, wait, last_plate="NEW")
    publisher.passage_corrected(passages(1, revision=2, text="OLDER", corrected_by="anna"))
    publisher.passage_corrected(passages(2, revision=2, text="NEWER", corrected_by="anna"))
    state(subscriber, wait, last_plate="NEWER")
    assert all(arrival.json()["last_plate"] != "OLDER" for arrival in subscriber.of(STATE))


def test_a_removed_passage_is_shown_no_longer(bench, subscriber, passages, wait):
    publisher = bench.start()
    bench.commit(publisher, passages(1, text="OLD"))
    bench.commit(publisher, passages(2, text="NEW"))
    state(subscriber, wait, last_plate="NEW")
    wait(lambda: subscriber.last(CROP), "crop")

    publisher.passage_removed(passages(1, text="OLD"), passages(2, text="NEW"))
    publisher.passage_removed(passages(2, text="NEW"), passages(3, text="BEFORE"))
    state(subscriber, wait, last_plate="BEFORE")
    wait(lambda: subscriber.last(CROP).payload == b"", "crop cleared")
    publisher.passage_removed(passages(3, text="BEFORE"), None)
    assert state(subscriber, wait, last_plate=None)["last_plate"] is None


def test_crop_of_the_last_final_is_a_retained_picture(bench, subscriber, broker, passages, wait):
    publisher = bench.start()
    bench.commit(publisher, passages(1))
    jpeg = wait(lambda: subscriber.last(CROP), "crop").payload
    picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert picture.shape == (40, 120, 3)


def test_no_crop_if_not_wanted(bench, subscriber, passages, wait):
    publisher = bench.start(publish_crop=False)
    bench.commit(publisher, passages(1, text="FINAL1"))
    state(subscriber, wait, last_plate="FINAL1")
    publisher.stop()
    assert subscriber.of(CROP) == []


def test_problems_and_camera_health_are_told_at_once(bench, subscriber, wait):
    bench.start()
    wait(lambda: subscriber.of("lpr/test/health"), "health")
    bench.figures.problems = ("disk is full",)
    bench.figures.health = CameraHealth.STALLED

    wait(
        lambda: subscriber.last("lpr/test/health").json()["problems"] == ["disk is full"],
        "problem told",
    )
    assert state(subscriber, wait, health="stalled")["health"] == "stalled"


def test_retained_topics_are_there_for_who_comes_later(bench, subscriber, broker, passages, wait):
    publisher = bench.start()
    bench.commit(publisher, passages(1, text="FINAL1"))
    state(subscriber, wait, last_plate="FINAL1")
    wait(lambda: bench.outbox.depth() == 0, "delivered")
    late = type(subscriber)(broker.port)
    expected = {"status", "announce", "health", "camera/gate/state", "camera/gate/crop"}
    wanted = {f"lpr/test/{leaf}" for leaf in expected} | {
        "homeassistant/device/lpr_test/config",
        DEVICE,
    }
    wait(lambda: {arrival.topic for arrival in late.arrivals} >= wanted, "all retained topics")
    assert {arrival.topic for arrival in late.arrivals} == wanted
    assert all(late.of(topic)[0].retained for topic in wanted)
    late.close()


def test_devices_are_introduced_again_when_home_assistant_starts(bench, subscriber, wait):
    bench.start()
    wait(lambda: subscriber.of(DEVICE), "device")
    subscriber.forget()
    subscriber.publish("homeassistant/status", "offline")
    subscriber.publish("homeassistant/status", "online")
    wait(lambda: subscriber.of(DEVICE), "device again")
    wait(lambda: subscriber.of(STATE), "state again")
    assert len(subscriber.of(DEVICE)) == 1


def test_no_devices_without_discovery(bench, subscriber, wait):
    publisher = bench.start(discovery=False)
    state(subscriber, wait)
    publisher.stop()
    assert not [a for a in subscriber.arrivals if a.topic.startswith("homeassistant/")]


def cleared(subscriber, topic):
    return [arrival for arrival in subscriber.of(topic) if arrival.payload == b""]


def test_camera_removed_while_the_engine_was_off(bench, subscriber, passages, wait):
    publisher = bench.start("gate", "yard")
    bench.commit(publisher, passages(1))
    wait(lambda: subscriber.of(CROP), "crop")
    publisher.stop()

    bench.figures.cameras = ("yard",)
    bench.start("yard")
    for topic in (DEVICE, STATE, CROP):
        wait(lambda topic=topic: cleared(subscriber, topic), f"{topic} cleared")
    memory = bench.directory / "mqtt-retained.json"
    wait(lambda: "gate" not in memory.read_text(), "forgotten once confirmed")
    assert not cleared(subscriber, "homeassistant/device/lpr_test_yard/config")


def test_removal_waits_for_a_broker(bench, broker, subscriber, wait):
    first = bench.start("gate", "yard")
    wait(lambda: subscriber.of(DEVICE), "device")
    first.stop()
    broker.kill()
    second = bench.start("yard")
    wait(lambda: second.trouble is not None, "no broker")
    second.stop()
    assert "gate" in (bench.directory / "mqtt-retained.json").read_text()

    broker.start()
    subscriber.wait_subscribed(2)
    bench.start("yard")
    wait(lambda: cleared(subscriber, DEVICE), "cleared")


def test_discovery_switched_off_removes_the_devices(bench, subscriber, wait):
    first = bench.start()
    wait(lambda: subscriber.of(DEVICE), "device")
    first.stop()
    bench.start(discovery=False)
    wait(lambda: cleared(subscriber, DEVICE), "device cleared")
    assert wait(
        lambda: cleared(subscriber, "homeassistant/device/lpr_test/config"), "engine cleared"
    )


def test_entities_command_the_engine(bench, subscriber, wait):
    publisher = bench.start()
    wait(lambda: publisher.connected and subscriber.of(STATE), "connected")
    subscriber.publish("lpr/test/camera/gate/set/enabled", "OFF")
    subscriber.publish("lpr/test/camera/gate/set/confidence", "0.6")
    subscriber.publish("lpr/test/camera/gate/set/snapshot", "PRESS")
    wait(lambda: len(bench.handler.calls) == 3, "three calls")
    assert bench.handler.calls == [
        ("enable_camera", "gate", False),
        ("set_confidence", "gate", 0.6),
        ("take_snapshot", "gate"),
    ]


def test_command_is_answered_on_the_response_topic(bench, subscriber, wait):
    publisher = bench.start()
    wait(lambda: publisher.connected and subscriber.of(STATE), "connected")
    properties = Properties(PacketTypes.PUBLISH)
    properties.ResponseTopic = "their/answers"
    properties.CorrelationData = b"\x00\xff42"
    command = {"camera": "gate", "value": 0.4}
    subscriber.publish("lpr/test/command/confidence", json.dumps(command), properties=properties)
    answer = wait(lambda: subscriber.last("their/answers"), "answer")
    assert answer.json()["ok"]
    assert answer.properties.CorrelationData == b"\x00\xff42"


def test_command_is_answered_by_its_id(bench, subscriber, wait):
    publisher = bench.start()
    wait(lambda: publisher.connected and subscriber.of(STATE), "connected")
    subscriber.publish("lpr/test/command/snapshot", '{"id": "q1", "camera": "attic"}')
    answer = wait(lambda: subscriber.last("lpr/test/answer/q1"), "answer").json()
    assert answer["error"]["code"] == "camera_unknown"


def test_hostile_commands_leave_the_publisher_well(bench, subscriber, passages, wait):
    publisher = bench.start()
    wait(lambda: publisher.connected and subscriber.of(STATE), "connected")
    for payload in (b"", b"\xff" * 100, b"[" * 65_000, b"x" * 200_000, b"null"):
        subscriber.publish("lpr/test/command/snapshot", payload)
        subscriber.publish("lpr/test/camera/gate/set/enabled", payload)
        subscriber.publish("lpr/test/command/" + "n" * 500, payload)
    bench.commit(publisher, passages(1))
    wait(lambda: bench.outbox.depth() == 0, "still delivers")
    assert publisher.connected
    assert bench.handler.calls == []


def test_flood_of_commands_is_turned_away_in_words(bench, subscriber, wait):
    publisher = bench.start()
    wait(lambda: publisher.connected and subscriber.of(STATE), "connected")
    subscriber.publish("lpr/test/command/snapshot", '{"id": "q0", "camera": "gate"}')
    for number in range(300):
        command = json.dumps({"id": f"q{number}", "camera": "gate"})
        subscriber.publish("lpr/test/command/snapshot", command)
    answers = wait(
        lambda: [a for a in subscriber.arrivals if a.topic == "lpr/test/answer/q299"], "answers"
    )
    outcome = answers[0].json()
    assert outcome["ok"] or outcome["error"]["code"] == "command_busy"


@pytest.mark.parametrize("topic", ["command/snapshot", "camera/gate/set/snapshot"])
def test_retained_commands_are_ignored(bench, subscriber, wait, topic):
    payload = '{"id": "stale", "camera": "gate"}'
    subscriber.publish(f"lpr/test/{topic}", payload, retain=True)
    publisher = bench.start()
    wait(lambda: publisher.connected and subscriber.of(STATE), "connected")
    subscriber.publish("lpr/test/command/confidence", '{"camera": "gate", "value": 0.1}')
    wait(lambda: bench.handler.calls, "a live command")
    assert bench.handler.calls == [("set_confidence", "gate", 0.1)]


def test_last_finals_of_the_store_are_told_after_a_restart(
    bench, make_bench, subscriber, passages, wait
):
    last = replace(passages(5, text="YESTERDAY"), corrected_by=None)
    publisher = bench.publisher(last_finals=[last])
    publisher.start()
    assert state(subscriber, wait, last_plate="YESTERDAY")["last_passage"] == last.id


def test_passwords_are_in_no_log(make_broker, make_bench, tmp_path, wait, caplog):
    import logging
    import subprocess

    secret = "hush-hush-4711"
    passwords = tmp_path / "passwords"
    passwords.touch(mode=0o600)
    subprocess.run(["mosquitto_passwd", "-b", str(passwords), "engine", secret], check=True)
    broker = make_broker("allow_anonymous false", f"password_file {passwords}")
    caplog.set_level(logging.DEBUG)
    wrong = make_bench(broker.port).start(username="engine", password=f"{secret}-no")
    wait(lambda: wrong.trouble is not None, "refused")
    assert "Not authorized" in wrong.trouble
    right = make_bench(broker.port).start(username="engine", password=secret)
    wait(lambda: right.connected, "connected")
    assert secret not in caplog.text
