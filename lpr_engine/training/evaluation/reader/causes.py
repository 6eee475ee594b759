"""Why a text is not the wanted one, from the difference of the two alone."""

from __future__ import annotations

from enum import Enum

from lpr_engine.training.evaluation.reader.edits import edits
from lpr_engine.training.evaluation.spelling import folded

_HOPELESS = 0.5


class Cause(Enum):
    """Kinds of failure, in the order in which they are shown."""

    LOOKALIKE = "O for 0 or I for 1, or the other way round"
    ONE_SIGN = "one sign taken for another"
    SIGNS = "several signs taken for others"
    MISSING = "signs missing"
    INVENTED = "signs too many"
    MIXED = "signs confused, missing or too many"
    HOPELESS = "more than half of it wrong"
    NOTHING = "nothing read"


def cause_of(wanted: str, read: str) -> Cause | None:
    """What went wrong; None where the text is right."""
    if wanted == read:
        return None
    if not read:
        return Cause.NOTHING
    if folded(wanted) == folded(read):
        return Cause.LOOKALIKE
    wrong = [(sign, other) for sign, other in edits(wanted, read) if sign != other]
    if len(wrong) > _HOPELESS * len(wanted):
        return Cause.HOPELESS
    confused = sum(bool(sign and other) for sign, other in wrong)
    missing = sum(not other for _, other in wrong)
    return _kind(confused, missing, len(wrong) - confused - missing)


def _kind(confused: int, missing: int, invented: int) -> Cause:
    if not missing and not invented:
        return Cause.ONE_SIGN if confused == 1 else Cause.SIGNS
    if not confused and not invented:
        return Cause.MISSING
    if not confused and not missing:
        return Cause.INVENTED
    return Cause.MIXED
