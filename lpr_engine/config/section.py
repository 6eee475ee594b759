"""Keys and values to one frozen section: all mistakes at once, then what keys must agree on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import voluptuous as vol

from lpr_engine.config.agreement import Agreement, repeated
from lpr_engine.config.rules import Rule
from lpr_engine.config.values import UnknownKeyError, did_you_mean, shown_key, wrong_type


def keyed(
    build: Callable[..., Any],
    rules: Mapping[str, Rule],
    agreement: Agreement | None = None,
    *,
    required: Sequence[str] = (),
    may_be_empty: bool = False,
) -> Rule:
    """A rule for keys and values; `build` gets those that are there, by keyword.

    What keys must agree on is asked even while some of them are wrong.
    """
    known = [vol.Required(key) if key in required else vol.Optional(key) for key in rules]
    schema = vol.Schema(dict(zip(known, rules.values(), strict=True)))

    def rule(value: Any) -> Any:
        if value is None and may_be_empty:
            value = {}
        if not isinstance(value, dict):
            raise wrong_type(value, f"keys and values ({', '.join(rules)})")
        clean, errors = _judge(schema, value, rules)
        if agreement:
            errors += agreement(clean, {error.path[0] for error in errors})
        if errors:
            raise vol.MultipleInvalid(errors)
        return build(**clean)

    return rule


def unique(list_rule: Rule, key: str, thing: str) -> Rule:
    """A rule for a list of sections, no two of which have the same value of a key."""

    def rule(value: Any) -> Any:
        errors = repeated(value, key, thing) if isinstance(value, list) else []
        try:
            clean = list_rule(value)
        except vol.MultipleInvalid as err:
            errors += err.errors
        if errors:
            raise vol.MultipleInvalid(errors)
        return clean

    return rule


def _judge(
    schema: vol.Schema, value: dict[str, Any], rules: Mapping[str, Rule]
) -> tuple[dict[str, Any], list[vol.Invalid]]:
    """The right values, and all errors."""
    try:
        return schema(value), []
    except vol.MultipleInvalid as err:
        errors = [_named(error, rules) for error in err.errors]
    wrong = {error.path[0] for error in errors}
    right = {key: one for key, one in value.items() if key in rules and key not in wrong}
    return {key: rules[key](one) for key, one in right.items()}, errors


def _named(error: vol.Invalid, rules: Mapping[str, Rule]) -> vol.Invalid:
    """An unknown key's error with the keys that there are."""
    key = error.path[0]
    if len(error.path) > 1 or key in rules:
        return error
    expected = f"one of {', '.join(rules)}"
    hint = did_you_mean(str(key), rules)
    unknown = UnknownKeyError(f"the key `{shown_key(key)}` is unknown", expected, hint)
    unknown.prepend([key])
    return unknown
