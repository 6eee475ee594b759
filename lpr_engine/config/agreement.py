"""What the keys of one section must agree on with each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from typing import Any, TypeAlias

import voluptuous as vol

from lpr_engine.config.sections import TrackingSection
from lpr_engine.config.values import RefusedError

Agreement: TypeAlias = Callable[[Mapping[str, Any], Set[object]], list[vol.Invalid]]
"""Takes the right values and the names of the wrong ones, gives what does not go together."""


def mqtt_agrees(clean: Mapping[str, Any], wrong: Set[object]) -> list[vol.Invalid]:
    """Certificate and key go together; TLS files need TLS; all of it needs a broker."""
    found = _pair(clean, wrong, "certificate_file", "key_file")
    if not clean.get("tls") and "tls" not in wrong:
        found += [
            _at(name, "this has no effect without TLS", "`tls: true`")
            for name in ("ca_file", "certificate_file", "key_file", "tls_insecure")
            if clean.get(name)
        ]
    if clean.get("password") and not clean.get("username") and "username" not in wrong:
        found.append(_at("username", "the password has no user", "`username` beside it"))
    if not clean.get("host") and "host" not in wrong:
        found += [
            _at(name, "this has no effect without a broker", "`host`, the broker to reach")
            for name in ("username", "password", "tls")
            if clean.get(name)
        ]
    return found


def tracking_agrees(clean: Mapping[str, Any], wrong: Set[object]) -> list[vol.Invalid]:
    """A track may last longer than its plate may be out of sight."""
    defaults = TrackingSection()
    lost = clean.get("lost_after_s", defaults.lost_after_s)
    longest = clean.get("max_track_s", defaults.max_track_s)
    if longest > lost or wrong & {"lost_after_s", "max_track_s"}:
        return []
    expected = f"more than `lost_after_s`, which is {lost:g}"
    return [_at("max_track_s", f"{longest:g} is too short", expected)]


def api_agrees(clean: Mapping[str, Any], wrong: Set[object]) -> list[vol.Invalid]:
    """Certificate and key go together."""
    return _pair(clean, wrong, "tls_certificate", "tls_key")


def repeated(entries: Sequence[object], key: str, thing: str) -> list[vol.Invalid]:
    """Entries of a list that repeat an earlier one's value of a key, which must be unique."""
    firsts: dict[str, int] = {}
    found: list[vol.Invalid] = []
    for index, entry in enumerate(entries):
        word = entry.get(key) if isinstance(entry, dict) else None
        if not isinstance(word, str):
            continue
        first = firsts.setdefault(word.strip(), index)
        if first < index:
            error = RefusedError(f"{thing} {first + 1} has this {key} already", f"another {key}")
            error.prepend([index, key])
            found.append(error)
    return found


def _pair(
    clean: Mapping[str, Any], wrong: Set[object], certificate: str, key: str
) -> list[vol.Invalid]:
    found: list[vol.Invalid] = []
    if clean.get(certificate) and not clean.get(key) and key not in wrong:
        found.append(_at(key, "the certificate has no key", f"`{key}` beside it"))
    if clean.get(key) and not clean.get(certificate) and certificate not in wrong:
        found.append(_at(certificate, "the key has no certificate", f"`{certificate}` beside it"))
    return found


def _at(key: str, what: str, expected: str) -> vol.Invalid:
    error = RefusedError(what, expected)
    error.prepend([key])
    return error
