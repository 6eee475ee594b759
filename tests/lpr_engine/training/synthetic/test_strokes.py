import numpy as np
import pytest

from lpr_engine.training.synthetic.formats import ALPHABET
from lpr_engine.training.synthetic.strokes import StrokeStyle, stroke_glyph


@pytest.mark.parametrize("character", ALPHABET)
@pytest.mark.parametrize("variant", [0, 1, 2, 3])
def test_every_character_fills_its_box(character, variant):
    glyph = stroke_glyph(character, StrokeStyle(variant=variant), 64)
    rows = np.flatnonzero(glyph.max(1) > 128)
    assert glyph.shape[0] == 64
    assert rows[0] <= 8
    assert rows[-1] >= 55


def test_characters_differ_except_for_o_and_zero():
    glyphs = {c: stroke_glyph(c, StrokeStyle(), 48).tobytes() for c in ALPHABET}
    assert len(set(glyphs.values())) == len(ALPHABET) - 1
    assert glyphs["O"] == glyphs["0"]


def test_thickness_adds_ink():
    thin, thick = (stroke_glyph("H", StrokeStyle(thickness=t), 64).mean() for t in (0.1, 0.18))
    assert thick > thin
