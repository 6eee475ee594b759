import re

from hypothesis import given
from hypothesis import strategies as st
from numpy.random import default_rng

from lpr_engine.training.synthetic.owners_choice import owners_choice


@given(seed=st.integers(0, 2**32 - 1))
def test_a_zero_stands_beside_digits_only(seed):
    text = owners_choice(default_rng(seed))
    assert re.fullmatch("[A-Z0-9]{2,7}", text)
    for at in (m.start() for m in re.finditer("0", text)):
        assert re.search("[0-9]", text[max(0, at - 1) : at] + text[at + 1 : at + 2])


def test_words_and_numbers_occur():
    texts = [owners_choice(default_rng(seed)) for seed in range(200)]
    assert any(text.isalpha() for text in texts)
    assert any(text[-1].isdigit() for text in texts)
    assert len(set(texts)) > 150
