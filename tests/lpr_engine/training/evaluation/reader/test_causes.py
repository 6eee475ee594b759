import pytest

from lpr_engine.training.evaluation.reader.causes import Cause, cause_of


@pytest.mark.parametrize(
    ("wanted", "read", "cause"),
    [
        ("AB123", "AB123", None),
        ("AB120", "AB12O", Cause.LOOKALIKE),
        ("A0I12", "AO112", Cause.LOOKALIKE),
        ("AB123", "A8123", Cause.ONE_SIGN),
        ("AB1234", "A8123A", Cause.SIGNS),
        ("AB123", "AB23", Cause.MISSING),
        ("AB123", "AB1123", Cause.INVENTED),
        ("AB1234", "A81234X", Cause.MIXED),
        ("AB123", "XY923", Cause.HOPELESS),
        ("AB123", "", Cause.NOTHING),
    ],
)
def test_cause(wanted, read, cause):
    assert cause_of(wanted, read) is cause
