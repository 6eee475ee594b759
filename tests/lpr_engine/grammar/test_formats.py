"""What plates of many regions look like."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lpr_engine.grammar import europe
from lpr_engine.grammar.confusion import normalize
from lpr_engine.grammar.formats import FORMATS, PlateFormat, formats_of, layouts_of

EXAMPLES = {
    "AD": "K1234", "AL": "AA 123 BB", "AM": "34 AB 567", "AR": "AB 123 CD", "AT": "W-12345A",
    "AU-NSW": "ABC-12D", "AZ": "10-AB-123", "BA": "A12-K-345", "BE": "1-ABC-234",
    "BG": "CA 1234 AB", "BR": "ABC1D23", "BY": "1234 AB-7", "CA-ON": "ABCD-123", "CH": "ZH 123456",
    "CL": "BCDF-12", "CN": "A·12345", "CO": "ABC 123", "CY": "ABC 123", "CZ": "1A2 3456",
    "DK": "AB 12 345", "EE": "123 ABC", "ES": "1234 BCD", "FI": "ABC-123", "FO": "AB 123",
    "FR": "AB-123-CD", "GB": "LS15 EBC", "GE": "AB-123-CD", "GG": "12345", "GI": "G 1234 A",
    "GR": "ABE-1234", "HR": "ZG 1234-AB", "HU": "AB CD-123", "IE": "161-D-12345",
    "IL": "123-45-678", "IN": "MH 12 AB 1234", "IS": "AB-C12", "IT": "AB 123 CD", "JE": "J 12345",
    "LI": "FL 12345", "LT": "ABC 123", "LU": "AB 1234", "LV": "AB-1234", "MC": "A123",
    "MD": "ABC 123", "ME": "PG AB123", "MK": "SK 1234-AB", "MT": "ABC 123", "MX": "ABC-123-D",
    "NL": "G-123-BB", "NO": "AB 12345", "NZ": "ABC123", "PL": "WA 12345", "PT": "AB 12 CD",
    "RO": "B 123 ABC", "RS": "BG 1234-AB", "RU": "A123BC 777", "SE": "ABC 12D",
    "SI": "LJ AB-123", "SK": "BA 123 AB", "SM": "A1234", "TR": "34 ABC 123", "UA": "AA 1234 BB",
    "US-CA": "7ABC123", "US-NY": "ABC-1234", "US-IL": "AB 12345", "US-AZ": "ABA 1CD",
    "VA": "SCV 12345", "XK": "01-234-AB", "ZA": "AB 12 CD GP",
}  # fmt: skip


@pytest.mark.parametrize(("region", "plate"), EXAMPLES.items())
def test_a_plate_of_the_region(region, plate):
    fitting = [one for one in formats_of(region) if one.matches(normalize(plate))]
    assert fitting
    shown = {
        layout.display(normalize(plate))
        for one in fitting
        for layout in layouts_of(one)
        if layout.matches(normalize(plate))
    }
    assert plate in shown


@pytest.mark.parametrize(
    ("region", "plate"),
    [
        ("GB", "LS15 EB"), ("GB", "LI15 EBC"), ("GB", "LQ15 EBC"), ("ES", "1234 ABE"),
        ("FR", "AO-123-CD"), ("IT", "AQ123CD"), ("BR", "ABCD123"), ("NL", "A-123-BB"),
        ("DE", "B-AB 0123"), ("RU", "D123BC77"), ("SE", "ABQ 123"), ("US-CA", "ABC1234"),
        ("GI", "H 1234 A"), ("CN", "O12345"), ("DE", ""), ("LI", "FX 123"),
    ],
)  # fmt: skip
def test_no_plate_of_the_region(region, plate):
    assert not any(one.matches(normalize(plate)) for one in formats_of(region))


@pytest.mark.parametrize("plate", ["B-AB 1234", "M-X 1", "HH-AB 123E", "ABC-DE 12", "MÜ-X 99"])
def test_german_plates(plate):
    assert any(one.matches(normalize(plate)) for one in formats_of("DE"))


def test_enough_of_the_world_is_known():
    assert len(europe.LAYOUTS) >= 41
    assert sum(region.startswith("US-") for region in FORMATS) >= 20
    assert {"BR", "CN", "US"} <= set(FORMATS)


@pytest.mark.parametrize(
    ("region", "known"),
    [("uk", "GB"), ("UK", "GB"), ("us-ca", "US-CA"), ("US-XX", "US"), ("GB-SCT", "GB")],
)
def test_other_names_of_a_region(region, known):
    assert formats_of(region) == FORMATS[known]


@pytest.mark.parametrize("region", ["", "XX", "Atlantis"])
def test_unknown_regions_have_no_formats(region):
    assert formats_of(region) == []


def test_optional_signs_make_every_arrangement():
    one = PlateFormat("XX", "AA?-19?")
    assert [len(layout.signs) for layout in layouts_of(one)] == [4, 3, 3, 2]
    assert {layout.display("AB12"[: len(layout.signs)]) for layout in layouts_of(one)} >= {"AB-12"}


@given(st.data())
def test_what_a_layout_allows_it_matches_and_shows(data):
    one = data.draw(st.sampled_from(sorted(FORMATS)).map(lambda region: FORMATS[region][0]))
    layout = data.draw(st.sampled_from(layouts_of(one)))
    text = "".join(data.draw(st.sampled_from(allowed)) for allowed in layout.signs)
    assert one.matches(text)
    assert normalize(layout.display(text)) == text
    assert not layout.matches(text + "A")
