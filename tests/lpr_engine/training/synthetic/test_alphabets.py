import numpy as np
import pytest

from lpr_engine.training.synthetic.alphabets import ALPHABETS
from lpr_engine.training.synthetic.formats import ALPHABET, plate_formats
from lpr_engine.training.synthetic.letterforms import VARIANTS
from lpr_engine.training.synthetic.strokes import stroke_glyph
from lpr_engine.training.synthetic.typefaces import choose_typeface


def _glyph(name, character):
    style = ALPHABETS[name].style(np.random.default_rng(1))
    return stroke_glyph(character, style, 48)


def _alike(name, one, two):
    return np.array_equal(_glyph(name, one), _glyph(name, two))


@pytest.mark.parametrize("name", ALPHABETS)
def test_an_alphabet_draws_every_character_in_a_known_form(name):
    assert all(form in VARIANTS[c] for c, form in ALPHABETS[name].forms.items())
    assert all(_glyph(name, character).max() == 255 for character in ALPHABET)


@pytest.mark.parametrize("name", ["plate_fe", "plate_pl", "plate_din", "plate_cut"])
def test_some_alphabets_tell_zero_from_o(name):
    assert not _alike(name, "0", "O")
    assert not _alike(name, "1", "I")


@pytest.mark.parametrize("pair", ["0O", "1I"])
def test_british_plates_use_one_sign_for_two(pair):
    assert _alike("plate_uk", *pair)


def test_a_polish_zero_is_narrower_than_an_o():
    zero, letter = (_glyph("plate_pl", character) for character in "0O")
    assert zero.shape[1] < letter.shape[1]


def test_each_alphabet_stands_on_some_plate():
    used = {face for one in plate_formats() for face in one.faces}
    assert set(ALPHABETS) <= used


def test_a_typeface_of_a_measured_kind_needs_no_font(tmp_path):
    face = choose_typeface("plate_fe", np.random.default_rng(1), (tmp_path,))
    assert face.path is None
    assert face.pitched
