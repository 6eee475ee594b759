import inspect

import pytest

from lpr_engine.model import errors
from lpr_engine.model.errors import LprError

ALL = [
    kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, LprError)
]


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
def test_every_error_has_a_code_of_its_own(kind: type[LprError]) -> None:
    assert "code" in vars(kind)
    assert kind.code == kind.code.lower().strip()
    assert kind.code.replace("_", "").isalpha()
    assert [other for other in ALL if other.code == kind.code] == [kind]
