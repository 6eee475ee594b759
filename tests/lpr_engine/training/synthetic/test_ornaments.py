import numpy as np
import pytest

from lpr_engine.training.synthetic import plate_formats, render_text

_NEW_YORK = next(f for f in plate_formats() if f.region == "US-NY" and not f.special)


@pytest.mark.parametrize(
    ("spelling", "text"),
    [(":9999", "9999"), ("|1234AB", "1234AB"), ("1234AB|", "1234AB"), ("ABC^1234", "ABC1234")],
)
@pytest.mark.parametrize("seed", range(4))
def test_emblems_and_small_letters_are_no_text(spelling, text, seed):
    plate = render_text(_NEW_YORK, spelling, np.random.default_rng(seed))
    assert plate.text == text
    assert len(plate.centres) == len(text)
    assert np.diff(plate.centres[:, 0]).min() > 0.02


def test_an_emblem_takes_its_side_of_the_line():
    left = render_text(_NEW_YORK, "|1234567", np.random.default_rng(2)).centres[0, 0]
    right = render_text(_NEW_YORK, "1234567|", np.random.default_rng(2)).centres[-1, 0]
    assert left > 0.15
    assert right < 0.85
