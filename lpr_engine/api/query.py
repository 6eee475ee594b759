"""A query's text as values of the types that a route's parameters say."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from multidict import MultiMapping

from lpr_engine.api.plain_text import is_plain
from lpr_engine.api.problem import Fault, RequestError
from lpr_engine.api.route import Parameter
from lpr_engine.api.validation import Validator
from lpr_engine.model.contract import JsonObject

_INTEGER = re.compile(r"-?[0-9]{1,15}")
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")
_FLAGS = {"true": True, "false": False}


class QueryForm:
    """What one route's query may hold."""

    def __init__(self, parameters: Sequence[Parameter], named: Mapping[str, JsonObject]) -> None:
        self._parameters = {one.name: one for one in parameters}
        self._validators = {one.name: Validator(one.schema, named) for one in parameters}

    def read(self, query: MultiMapping[str]) -> dict[str, Any]:
        """The values by name, defaults filled in.

        Raises:
            RequestError: a parameter is unknown, missing, repeated or of the wrong form.
        """
        values: dict[str, Any] = {}
        faults = [
            Fault(f"query.{name[:100]}", "this is unknown here")
            for name in dict.fromkeys(query)
            if name not in self._parameters
        ]
        for name, parameter in self._parameters.items():
            faults += self._take(parameter, query.getall(name, []), values)
        if faults:
            raise RequestError("The query is not as this route takes it.", faults[:20])
        return values

    def _take(
        self, parameter: Parameter, texts: Sequence[str], values: dict[str, Any]
    ) -> list[Fault]:
        name, where = parameter.name, f"query.{parameter.name}"
        if not texts:
            if "default" in parameter.schema:
                values[name] = parameter.schema["default"]
            return [Fault(where, "this is missing")] if parameter.required else []
        if len(texts) > 1 and parameter.schema.get("type") != "array":
            return [Fault(where, "this is given more than once")]
        if not all(is_plain(text) for text in texts):
            return [Fault(where, "this holds a character that is no text")]
        values[name] = typed(parameter.schema, texts)
        return self._validators[name].faults(values[name], where)


def typed(schema: JsonObject, texts: Sequence[str]) -> Any:
    """Texts as the schema's type; what does not spell it stays text, for the schema to refuse."""
    if schema.get("type") == "array":
        items = schema.get("items", {})
        return [typed(items, [text]) for text in texts]
    text = texts[0]
    kind = schema.get("type")
    if kind == "integer" and _INTEGER.fullmatch(text):
        return int(text)
    if kind == "number" and _NUMBER.fullmatch(text) and math.isfinite(float(text)):
        return float(text)
    return _FLAGS.get(text, text) if kind == "boolean" else text
