"""The newest frame wins; a file waits."""

import threading

from lpr_engine.pipeline.mailbox import Mailboxes
from tests.lpr_engine.pipeline.scripted import frame


def test_newer_frame_replaces_the_waiting_one_and_is_counted() -> None:
    boxes = Mailboxes(["gate", "yard"])
    for number in range(3):
        assert boxes.put(frame("gate", number))
    boxes.put(frame("yard", 7))
    frames, ended = boxes.take(0)
    assert [(one.camera, one.number) for one in frames] == [("gate", 2), ("yard", 7)]
    assert (boxes.drops("gate"), boxes.drops("yard")) == (2, 0)
    assert ended == []


def test_patient_camera_loses_no_frame() -> None:
    boxes = Mailboxes(["clip"], patient=["clip"])
    sender = threading.Thread(
        target=lambda: [boxes.put(frame("clip", number)) for number in range(20)]
    )
    sender.start()
    got: list[int] = []
    while len(got) < 20:
        got += [one.number for one in boxes.take(1)[0]]
    sender.join()
    assert got == list(range(20))
    assert boxes.drops("clip") == 0


def test_end_comes_with_or_after_the_last_frame_never_before_a_later_take() -> None:
    boxes = Mailboxes(["clip"])
    boxes.put(frame("clip", 1))
    boxes.end("clip")
    frames, ended = boxes.take(0)
    assert len(frames) == 1
    assert ended == []
    assert boxes.take(0) == ([], ["clip"])
    assert boxes.take(0) == ([], [])


def test_close_frees_a_waiting_sender_and_refuses_frames() -> None:
    boxes = Mailboxes(["clip"], patient=["clip"])
    boxes.put(frame("clip", 0))
    answers: list[bool] = []
    sender = threading.Thread(target=lambda: answers.append(boxes.put(frame("clip", 1))))
    sender.start()
    boxes.close()
    sender.join(5)
    assert answers == [False]
