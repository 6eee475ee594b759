"""Bounded, never blocking, finals dearer than previews."""

from hypothesis import given
from hypothesis import strategies as st

from lpr_engine.model.passage import Stage
from lpr_engine.pipeline.backlog import Backlog
from tests.lpr_engine.pipeline.scripted import frame, update

MUCH = 1 << 30


def test_oldest_preview_is_given_up_before_any_final() -> None:
    backlog = Backlog(2, MUCH)
    first = update(text="FINAL1")
    backlog.put(first)
    backlog.put(update(stage=Stage.PREVIEW, text="PREVIEW"))
    last = update(text="FINAL2")
    backlog.put(last)
    assert backlog.lost == 1
    assert backlog.first(0) is first
    backlog.done(first)
    assert backlog.first(0) is last


@given(st.lists(st.sampled_from(Stage), max_size=40), st.integers(1, 5))
def test_never_more_than_its_capacity_and_every_loss_is_counted(
    stages: list[Stage], capacity: int
) -> None:
    backlog = Backlog(capacity, MUCH)
    for stage in stages:
        backlog.put(update(stage=stage))
    assert len(backlog) == min(len(stages), capacity)
    assert backlog.lost == len(stages) - len(backlog)


def test_done_with_a_revision_that_was_given_up_meanwhile_removes_no_other() -> None:
    backlog = Backlog(1, MUCH)
    old, new = update(text="OLD"), update(text="NEW")
    backlog.put(old)
    assert backlog.first(0) is old
    backlog.put(new)
    backlog.done(old)
    assert backlog.first(0) is new


def test_large_pictures_are_bounded_by_their_bytes() -> None:
    one_frame = frame().pixels.nbytes
    backlog = Backlog(100, 3 * one_frame)
    for number in range(5):
        backlog.put(update(text=f"N{number}"))
    assert (len(backlog), backlog.lost) == (3, 2)
    first = backlog.first(0)
    assert first is not None
    assert first.passage.text == "N2"
    backlog.done(first)
    backlog.put(update(text="N5"))
    assert backlog.lost == 2


def test_a_picture_larger_than_the_bound_is_still_taken_alone() -> None:
    backlog = Backlog(100, 1)
    backlog.put(update(text="OLD"))
    backlog.put(update(text="NEW"))
    assert (len(backlog), backlog.lost) == (1, 1)
