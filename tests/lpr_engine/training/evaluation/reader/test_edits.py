import pytest
from hypothesis import given
from hypothesis import strategies as st

from lpr_engine.training.evaluation.reader.edits import confusions, edits, mistakes

TEXTS = st.text(alphabet="AB8O0", max_size=8)


@pytest.mark.parametrize(
    ("wanted", "read", "wrong"),
    [
        ("AB123", "AB123", []),
        ("AB123", "A8123", [("B", "8")]),
        ("AB123", "AB23", [("1", "")]),
        ("AB123", "AB1I23", [("", "I")]),
        ("AB123", "", [("A", ""), ("B", ""), ("1", ""), ("2", ""), ("3", "")]),
        ("", "A", [("", "A")]),
        ("W12", "M13", [("W", "M"), ("2", "3")]),
    ],
)
def test_differences_are_found_where_they_are(wanted, read, wrong):
    assert [pair for pair in edits(wanted, read) if pair[0] != pair[1]] == wrong


@given(TEXTS, TEXTS)
def test_edits_spell_both_texts_with_as_few_mistakes_as_possible(wanted, read):
    pairs = edits(wanted, read)
    assert "".join(pair[0] for pair in pairs) == wanted
    assert "".join(pair[1] for pair in pairs) == read
    assert sum(a != b for a, b in pairs) == mistakes(wanted, read)
    assert mistakes(wanted, read) == mistakes(read, wanted)
    assert abs(len(wanted) - len(read)) <= mistakes(wanted, read) <= max(len(wanted), len(read))


@given(TEXTS, TEXTS, TEXTS)
def test_a_way_around_is_never_shorter(one, two, three):
    assert mistakes(one, three) <= mistakes(one, two) + mistakes(two, three)


def test_confusions_count_right_signs_too():
    counts = confusions([("AB", "A8"), ("BB", "B8")])
    assert counts == {("A", "A"): 1, ("B", "8"): 2, ("B", "B"): 1}
