"""What readings say of a region together: a mean that never claims more than they did."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lpr_engine.tracking.region_word import RegionWord

chances = st.floats() | st.floats(0, 1)


def test_silent_readings_say_nothing(build):
    word = RegionWord()
    word.add(None, 1.0)
    word.add(build.reading("ABC"), 1.0)
    word.add(build.reading("ABC", region="GB"), 0.0)
    assert word.shares == {}


def test_the_mean_by_weight(build):
    word, later = RegionWord(), RegionWord()
    word.add(replace(build.reading("ABC"), regions=(("GB", 0.8), ("IE", 0.2))), 3.0)
    later.add(replace(build.reading("ABC"), regions=(("IE", 1.0),)), 1.0)
    word.join(later)
    assert word.shares == pytest.approx({"GB": 0.6, "IE": 0.4})


def test_the_best_region_alone_will_do(build):
    word = RegionWord()
    word.add(build.reading("ABC", region="GB"), 1.0)
    assert word.shares == pytest.approx({"GB": 0.9})


@given(st.lists(st.tuples(st.sampled_from(["GB", "DE", ""]), chances, st.floats(0, 1)), max_size=5))
def test_never_more_than_all(build, said):
    word = RegionWord()
    for region, chance, weight in said:
        word.add(replace(build.reading("A"), regions=((region, chance),)), weight)
    assert all(math.isfinite(share) for share in word.shares.values())
    assert sum(word.shares.values()) <= 1.0 + 1e-9
