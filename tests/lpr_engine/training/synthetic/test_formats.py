from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lpr_engine.grammar.formats import formats_of
from lpr_engine.training.synthetic.bands import LOOKS
from lpr_engine.training.synthetic.formats import (
    ALPHABET,
    SEPARATORS,
    choose_format,
    plate_formats,
    plate_text,
)
from lpr_engine.training.synthetic.layouts import LAYOUTS
from lpr_engine.training.synthetic.seals import PLACES

_NORTH_AMERICA = {"US", "CA", "MX"}
_WORLD = [one for one in plate_formats() if one.region[:2] not in _NORTH_AMERICA]


def _name(plate_format):
    return f"{plate_format.region}-{plate_format.aspect}"


@given(index=st.integers(0, len(plate_formats()) - 1), seed=st.integers(0, 2**32 - 1))
def test_a_spelling_matches_its_formats_patterns(index, seed):
    plate_format = plate_formats()[index]
    spelling = plate_format.spell(np.random.default_rng(seed))
    assert plate_format.expression().fullmatch(spelling)
    assert set(spelling) <= set(ALPHABET + SEPARATORS)


@given(seed=st.integers(0, 2**32 - 1))
def test_a_text_is_its_spelling_without_separators(seed):
    spelling = choose_format(np.random.default_rng(seed)).spell(np.random.default_rng(seed))
    assert plate_text(spelling) == "".join(s for s in spelling if s not in SEPARATORS)


@pytest.mark.parametrize("plate_format", plate_formats(), ids=_name)
def test_every_format_can_be_drawn(plate_format):
    assert plate_format.layout in LAYOUTS
    assert plate_format.weight > 0
    assert set(plate_format.letters) <= set(ALPHABET)
    assert plate_format.colours
    assert plate_format.band_look in LOOKS
    assert plate_format.place in PLACES
    assert all(set(code) <= set(ALPHABET + SEPARATORS) for code in plate_format.codes)
    assert plate_format.codes or not any("C" in pattern for pattern in plate_format.patterns)


@pytest.mark.parametrize("plate_format", [f for f in _WORLD if not f.special], ids=_name)
def test_everyday_texts_are_those_of_the_regions_grammar(plate_format):
    generator = np.random.default_rng(3)
    known = formats_of(plate_format.region)
    texts = {plate_text(plate_format.spell(generator)) for _ in range(60)}
    assert [text for text in texts if not any(one.matches(text) for one in known)] == []


def test_special_formats_are_a_small_part():
    special = sum(one.weight for one in _WORLD if one.special)
    assert special < 0.2 * sum(one.weight for one in _WORLD)


def test_the_world_is_covered():
    assert len({one.region[:2] for one in _WORLD} - {"EU"}) >= 100


def test_a_tenth_of_the_plates_has_two_lines():
    generator = np.random.default_rng(3)
    formats = tuple(_WORLD)
    two = sum("/" in choose_format(generator, formats).spell(generator) for _ in range(1500))
    assert 0.1 < two / 1500 < 0.16


def test_pattern_signs():
    plain = replace(_WORLD[0], patterns=("L?9-1cC",), letters="A", codes=("B", "XY"))
    generator = np.random.default_rng(3)
    spelled = {plain.spell(generator) for _ in range(400)}
    assert {s[0].isalpha() for s in spelled} == {True, False}
    assert {s.split("C", 1)[1] for s in spelled} == {"B", "XY"}
    assert not any(s.split("-")[1].startswith("0") for s in spelled)
    assert all(plain.expression().fullmatch(s) for s in spelled)


@pytest.mark.parametrize("region", ["DE", "FR", "IT", "ES", "NL", "PL", "GB", "BR", "CN", "IN"])
def test_great_countries_are_there(region):
    assert region in {one.region for one in plate_formats()}


def test_a_province_sign_is_no_text():
    assert plate_text("*A.12345") == "A12345"


def test_heavier_formats_come_more_often():
    generator = np.random.default_rng(1)
    regions = [choose_format(generator).region for _ in range(600)]
    assert regions.count("GB") > regions.count("JE")
