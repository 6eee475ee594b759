"""The newest frame wins; a file waits."""

import threading

from lpr_engine.pipeline.mailbox import Mailboxes
from tests.lpr_engine.pipeline.scripted import frame


def test_newer_frame_replaces_the_waiting_one_and_is_counted() -> None:
    boxes = Mailboxes(["gate", "yard"])
    gate, yard = boxes.begin("gate"), boxes.begin("yard")
    for number in range(3):
        assert boxes.put(frame("gate", number), gate)
    boxes.put(frame("yard", 7), yard)
    frames, ended = boxes.take(0)
    assert [(one.camera, one.number) for one in frames] == [("gate", 2), ("yard", 7)]
    assert (boxes.drops("gate"), boxes.drops("yard")) == (2, 0)
    assert ended == []


def test_patient_camera_loses_no_frame() -> None:
    boxes = Mailboxes(["clip"], patient=["clip"])
    ticket = boxes.begin("clip")
    sender = threading.Thread(
        target=lambda: [boxes.put(frame("clip", number), ticket) for number in range(20)]
    )
    sender.start()
    got: list[int] = []
    while len(got) < 20:
        got += [one.number for one in boxes.take(1)[0]]
    sender.join()
    assert got == list(range(20))
    assert boxes.drops("clip") == 0


def test_end_comes_with_the_last_frame_and_once() -> None:
    boxes = Mailboxes(["clip"])
    ticket = boxes.begin("clip")
    boxes.put(frame("clip", 1), ticket)
    boxes.end("clip", ticket)
    boxes.end("clip", ticket)
    frames, ended = boxes.take(0)
    assert (len(frames), ended) == (1, ["clip"])
    assert boxes.take(0) == ([], [])


def test_end_is_told_although_the_camera_streams_again() -> None:
    boxes = Mailboxes(["gate"])
    first = boxes.begin("gate")
    boxes.put(frame("gate", 1), first)
    boxes.end("gate", first)
    boxes.put(frame("gate", 2), boxes.begin("gate"))
    assert boxes.take(0)[1] == ["gate"]


def test_a_source_that_comes_back_late_neither_mixes_in_nor_ends_the_new_one() -> None:
    boxes = Mailboxes(["gate"])
    late = boxes.begin("gate")
    boxes.end("gate", late)
    assert boxes.take(0) == ([], ["gate"])
    now = boxes.begin("gate")
    assert boxes.put(frame("gate", 5), now)
    assert not boxes.put(frame("gate", 1), late)
    boxes.end("gate", late)
    frames, ended = boxes.take(0)
    assert ([one.number for one in frames], ended) == ([5], [])


def test_end_frees_a_patient_sender_that_waits() -> None:
    boxes = Mailboxes(["clip"], patient=["clip"])
    ticket = boxes.begin("clip")
    boxes.put(frame("clip", 0), ticket)
    answers: list[bool] = []
    sender = threading.Thread(target=lambda: answers.append(boxes.put(frame("clip", 1), ticket)))
    sender.start()
    boxes.end("clip", ticket)
    sender.join(5)
    assert answers == [False]


def test_close_frees_a_waiting_sender_and_refuses_frames() -> None:
    boxes = Mailboxes(["clip"], patient=["clip"])
    ticket = boxes.begin("clip")
    boxes.put(frame("clip", 0), ticket)
    answers: list[bool] = []
    sender = threading.Thread(target=lambda: answers.append(boxes.put(frame("clip", 1), ticket)))
    sender.start()
    boxes.close()
    sender.join(5)
    assert answers == [False]
