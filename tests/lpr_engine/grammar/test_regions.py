"""Every region with formats has a share, and readers' names are understood."""

from __future__ import annotations

import pytest

from lpr_engine.grammar.formats import FORMATS
from lpr_engine.grammar.regions import region_code, shares


def test_every_region_with_formats_has_a_share():
    table = shares()
    assert table.keys() == FORMATS.keys()
    assert sum(table.values()) == pytest.approx(1.0)
    assert min(table.values()) > 0


def test_larger_countries_and_states_count_more_but_not_in_proportion():
    table = shares()
    assert table["DE"] > table["LU"] > table["DE"] / 60
    assert table["US-CA"] > table["US-WY"]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("DE", "DE"),
        ("us-ca", "US-CA"),
        ("UK", "GB"),
        ("Germany", "DE"),
        ("united states", "US"),
        ("US-GU", "US"),
        ("Unknown", None),
        ("", None),
    ],
)
def test_names_of_regions(name, code):
    assert region_code(name) == code
