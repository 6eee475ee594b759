"""Values from outside held to a route's JSON Schemas; what is wrong is told with its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from types import MappingProxyType
from typing import Any, Final

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

from lpr_engine.api.problem import Fault
from lpr_engine.model.contract import JsonObject, parse_time

_MOST_FAULTS = 20
_LONGEST_DETAIL = 300

_FORMATS = FormatChecker(formats=())
_RFC_3339 = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,6})?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)


@_FORMATS.checks("date-time", raises=(ValueError, OverflowError))
def _is_time(value: object) -> bool:
    # Python reads more than RFC 3339 allows, and less of its fractions before 3.11.
    return not isinstance(value, str) or (
        _RFC_3339.fullmatch(value) is not None and parse_time(value.upper()) is not None
    )


def _pattern(
    _validator: object, pattern: str, value: object, _schema: object
) -> Iterator[ValidationError]:
    # Python's `$` also matches before a line break at the end; ECMA's, which is meant, does not.
    if isinstance(value, str) and not re.search(re.sub(r"\$$", r"\\Z", pattern), value):
        yield ValidationError(f"the form {pattern} was expected")


_Validator = extend(Draft202012Validator, {"pattern": _pattern})  # type: ignore[no-untyped-call]


class Validator:
    """Holds values to one schema, whose references lead to named ones."""

    def __init__(self, schema: JsonObject, named: Mapping[str, JsonObject]) -> None:
        Draft202012Validator.check_schema(schema)
        whole = {**schema, "components": {"schemas": dict(named)}}
        self._validator = _Validator(whole, format_checker=_FORMATS)

    def faults(self, value: object, where: str) -> list[Fault]:
        """All that is wrong with a value, at most twenty, each with its place."""
        errors = islice(self._validator.iter_errors(value), _MOST_FAULTS)
        return [fault for error in errors for fault in _faults(error, where)]


def _faults(error: ValidationError, where: str) -> list[Fault]:
    place = ".".join([where, *(str(step) for step in error.absolute_path)])
    if error.validator in ("required", "additionalProperties") and isinstance(error.instance, dict):
        return _about_keys(error, error.instance, place)
    tell = _WORDS.get(str(error.validator))
    return [
        Fault(place, (tell(error.validator_value) if tell else error.message)[:_LONGEST_DETAIL])
    ]


def _about_keys(error: ValidationError, value: Mapping[str, object], place: str) -> list[Fault]:
    if error.validator == "required":
        missing = error.message.partition("'")[2].partition("'")[0]
        return [Fault(f"{place}.{missing}", "this is missing")]
    known = dict(error.schema).get("properties", {}) if isinstance(error.schema, Mapping) else {}
    unknown = [key[:_LONGEST_DETAIL] for key in value if key not in known]
    return [Fault(f"{place}.{key}", "this is unknown here") for key in unknown[:_MOST_FAULTS]]


def _types(kinds: str | list[str]) -> str:
    words = [kinds] if isinstance(kinds, str) else kinds
    return f"of type {' or '.join(words)} was expected"


# None of these repeats the value, which may be a password.
_WORDS: Final[Mapping[str, Callable[[Any], str]]] = MappingProxyType(
    {
        "type": _types,
        "enum": lambda words: f"one of {', '.join(map(str, words))} was expected",
        "const": lambda value: f"{value} was expected",
        "minimum": lambda least: f"at least {least} was expected",
        "maximum": lambda most: f"at most {most} was expected",
        "exclusiveMinimum": lambda least: f"more than {least} was expected",
        "exclusiveMaximum": lambda most: f"less than {most} was expected",
        "minLength": lambda least: f"at least {least} characters were expected",
        "maxLength": lambda most: f"at most {most} characters were expected",
        "minItems": lambda least: f"at least {least} entries were expected",
        "maxItems": lambda most: f"at most {most} entries were expected",
        "minProperties": lambda least: f"at least {least} keys were expected",
        "uniqueItems": lambda _: "an entry is there twice",
        "format": lambda kind: f"a value of the form {kind} was expected",
        "pattern": lambda form: f"the form {form} was expected",
        "anyOf": lambda _: "this fits none of the forms that are allowed",
        "oneOf": lambda _: "this fits none, or more than one, of the forms that are allowed",
        "not": lambda _: "this is not allowed",
    }
)
