"""Who somebody is, and what they may do at the engine's door."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Final


class Scope(Enum):
    """One kind of thing that may be done."""

    METRICS = "metrics"
    READ = "read"
    OPERATE = "operate"
    ADMIN = "admin"


class Role(Enum):
    """What an account is for; each role may do all that the one before it may."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    ADMIN = "admin"


SCOPES_OF_ROLE: Final = MappingProxyType(
    {
        Role.VIEWER: frozenset({Scope.METRICS, Scope.READ}),
        Role.OPERATOR: frozenset({Scope.METRICS, Scope.READ, Scope.OPERATE}),
        Role.ADMIN: frozenset(Scope),
    }
)


class PrincipalKind(Enum):
    """How somebody proved who they are."""

    ACCOUNT = "account"
    KEY = "key"
    INGRESS = "ingress"
    TOKEN = "token"  # noqa: S105 - a kind, not a token
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody the engine knows; `account_id` is of the account behind a session or key."""

    name: str
    kind: PrincipalKind
    scopes: frozenset[Scope]
    account_id: str | None = None

    def may(self, scope: Scope) -> bool:
        """Whether they may do what needs this scope."""
        return scope in self.scopes
