import numpy as np
import pytest

from lpr_engine.training.synthetic.die_shapes import FORMS
from lpr_engine.training.synthetic.dies import DIES, cut_die, die_glyph
from lpr_engine.training.synthetic.formats import ALPHABET
from lpr_engine.training.synthetic.typefaces import choose_typeface


def _overlap(one, two):
    """Shared ink of two glyphs of the same size as a part of all their ink."""
    width = max(one.shape[1], two.shape[1])
    first, second = (np.pad(g, ((0, 0), (0, width - g.shape[1]))) > 128 for g in (one, two))
    return (first & second).sum() / (first | second).sum()


@pytest.mark.parametrize("kind", DIES)
def test_every_character_fills_its_height(kind):
    for character in ALPHABET:
        glyph = die_glyph(character, DIES[kind], 48)
        rows = np.flatnonzero(glyph.max(1) > 100)
        assert glyph.shape[0] == 48
        assert rows[0] <= 5
        assert rows[-1] >= 42


@pytest.mark.parametrize("kind", DIES)
def test_forms_are_pairs_of_a_character_and_a_form_it_has(kind):
    forms = DIES[kind].forms
    assert len(forms) % 2 == 0
    for character, number in zip(forms[::2], forms[1::2], strict=True):
        assert int(number) < len(FORMS[character])


@pytest.mark.parametrize("kind", DIES)
@pytest.mark.parametrize("seed", range(3))
def test_signs_that_are_alike_stay_apart_in_every_cut(kind, seed):
    die = cut_die(kind, np.random.default_rng(seed))
    for one, two in ("38", "B8", "S5", "G6", "Z2", "QO", "I1", "CG"):
        assert _overlap(die_glyph(one, die, 48), die_glyph(two, die, 48)) < 0.96


def test_dies_differ_in_how_they_tell_a_zero_from_an_o():
    same, narrow, slashed = (
        (die_glyph("O", DIES[kind], 48), die_glyph("0", DIES[kind], 48))
        for kind in ("us_boxy", "us_narrow_zero", "us_slashed")
    )
    assert np.array_equal(*same)
    assert narrow[1].shape[1] < narrow[0].shape[1]
    assert _overlap(*slashed) < 0.9


def test_a_typeface_of_a_die_draws_with_it():
    face = choose_typeface("us_plain", np.random.default_rng(1))
    assert face.die is not None
    assert np.array_equal(face.glyph("A", 40), die_glyph("A", face.die, 40))
