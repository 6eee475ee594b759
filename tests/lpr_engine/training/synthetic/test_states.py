import numpy as np
import pytest

from lpr_engine.grammar.formats import formats_of
from lpr_engine.training.synthetic.formats import plate_formats, plate_text
from lpr_engine.training.synthetic.looks import state_looks

STATES = tuple(sorted(region[3:] for region in state_looks() if region.startswith("US-")))
_AMERICAN = tuple(f for f in plate_formats() if f.layout == "america")
_SERIALS = tuple(f for f in _AMERICAN if not f.special)


@pytest.mark.parametrize("state", STATES)
def test_each_state_has_serials_words_of_owners_and_looks(state):
    own = [f for f in _AMERICAN if f.region == f"US-{state}"]
    assert {f.special for f in own} == {False, True}
    assert state_looks()[f"US-{state}"]


@pytest.mark.parametrize("plate_format", _SERIALS, ids=lambda f: f.region)
def test_serials_are_plates_of_the_states_grammar(plate_format):
    generator = np.random.default_rng(5)
    texts = {plate_text(plate_format.spell(generator)) for _ in range(60)}
    known = formats_of(plate_format.region)
    strangers = [text for text in texts if not any(one.matches(text) for one in known)]
    assert not strangers


def test_every_region_drawn_has_a_grammar_of_its_own_and_looks():
    regions = {f.region for f in _AMERICAN} - {"US"}
    assert len(STATES) == 51
    assert {f.region for f in _SERIALS} >= {f"US-{state}" for state in STATES}
    for region in regions:
        assert {one.region for one in formats_of(region)} == {region}
        assert state_looks()[region]


def test_nearly_a_third_of_all_plates_are_american():
    part = sum(f.weight for f in _AMERICAN) / sum(f.weight for f in plate_formats())
    assert 0.25 < part < 0.36
