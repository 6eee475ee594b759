import numpy as np
import pytest

from lpr_engine.training.synthetic.landscape import DRAWINGS
from lpr_engine.training.synthetic.looks import state_looks
from lpr_engine.training.synthetic.scenery import (
    choose_look,
    frame,
    head_and_foot,
    scene,
    stickers,
)
from lpr_engine.training.synthetic.sheet import Sheet

_LOOKS = [(region, look) for region, looks in state_looks().items() for look in looks]


def _sheet(seed=1):
    white, black = (250, 250, 250), (20, 20, 20)
    return Sheet.blank((96, 192), (white, black), np.random.default_rng(seed))


@pytest.mark.parametrize(("region", "look"), _LOOKS, ids=lambda v: v if isinstance(v, str) else "")
def test_a_look_names_known_drawings_and_its_ink_stands_out(region, look):
    things = (*look.things, *([look.middle] if look.middle else []))
    assert {thing.drawing for thing in things} <= set(DRAWINGS)
    middle = np.array(look.ground[len(look.ground) // 2], float)
    assert np.abs(middle - look.ink).max() > 75


def test_a_look_of_the_region_is_chosen_and_now_and_then_a_new_one():
    looks = [choose_look("US-CA", np.random.default_rng(seed)) for seed in range(80)]
    known = sum(look in state_looks()["US-CA"] for look in looks)
    assert 55 < known < 80


@pytest.mark.parametrize("seed", range(12))
def test_a_region_without_looks_gets_one_with_visible_ink(seed):
    look = choose_look("XX", np.random.default_rng(seed))
    assert min(abs(np.mean(stop) - np.mean(look.ink)) for stop in look.ground) > 60


@pytest.mark.parametrize("decorate", [head_and_foot, stickers, frame])
def test_decorations_leave_the_texts_rows_nearly_free(decorate):
    """What stands in corners and rims does not hide the place of the text."""
    look = state_looks()["US-FL"][0]
    for seed in range(20):
        sheet = _sheet(seed)
        scene(sheet, look)
        before = sheet.image.copy()
        arguments = (sheet, look, 30, 74) if decorate is head_and_foot else (sheet, 30, 74)
        decorate(*arguments)
        changed = (sheet.image != before).any(2)[34:70, 20:-20]
        assert changed.mean() < 0.05
