"""What can be wrong with a wish about vehicles, lists and what people do to passages."""

from __future__ import annotations

from lpr_engine.model.errors import ConflictError, UnknownError


class VehicleUnknownError(UnknownError):
    """There is no vehicle of that id."""

    code = "vehicle_unknown"


class ListUnknownError(UnknownError):
    """There is no list of that name."""

    code = "list_unknown"


class PassageUnknownError(UnknownError):
    """There is no passage of that id."""

    code = "passage_unknown"


class VehicleExistsError(ConflictError):
    """A vehicle of that id is there already."""

    code = "vehicle_exists"


class PlateTakenError(ConflictError):
    """Another vehicle has the same plate; the message names it."""

    code = "plate_taken"


class ListMissingError(ConflictError):
    """A vehicle is to stand on a list that is not there."""

    code = "list_missing"


class ListExistsError(ConflictError):
    """A list of that name is there already."""

    code = "list_exists"


class ListInUseError(ConflictError):
    """A list cannot go while vehicles stand on it."""

    code = "list_in_use"


class ListFixedError(ConflictError):
    """A list that every store has cannot go or change its meaning."""

    code = "list_fixed"


class PassageUnfinishedError(ConflictError):
    """A passage whose vehicle is still in sight cannot be corrected or removed."""

    code = "passage_unfinished"


class TooManyTagsError(ConflictError):
    """A passage has as many tags as it may have."""

    code = "too_many_tags"


class ChangedMeanwhileError(ConflictError):
    """What is to be changed is no longer what whoever changes it has seen."""

    code = "precondition_failed"
