"""`lpr-engine key add|list|remove`: API keys for scripts; the engine must not run."""

from __future__ import annotations

import argparse
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import uuid6
from rich.console import Console

from lpr_engine.api.access.names import clean_name
from lpr_engine.api.access.payloads import scopes_to_json
from lpr_engine.api.problem import RequestError
from lpr_engine.cli.secret_file import new_secret_file
from lpr_engine.cli.store_access import add_store_options, note, open_access
from lpr_engine.model.access import Scope
from lpr_engine.model.account import ApiKey
from lpr_engine.model.clock import SystemClock
from lpr_engine.model.contract import format_time
from lpr_engine.model.errors import LprError
from lpr_engine.model.token import KEY_PREFIX, Token, new_token

_LONGEST_DAYS = 36_500


class KeyRefusedError(LprError):
    """What was typed makes no key."""

    code = "key_refused"


def add_to(commands: Any) -> None:
    """Register the command."""
    command = commands.add_parser("key", help="API keys for scripts; the engine must not run")
    actions = command.add_subparsers(metavar="ACTION", required=True)
    add = actions.add_parser("add", help="make a key and write it to a file")
    add.add_argument(
        "--scope", action="append", required=True, choices=[scope.value for scope in Scope],
        help="what the key may do; give it again for more",
    )  # fmt: skip
    add.add_argument("--name", default="script", help="what it is for (default: %(default)s)")
    add.add_argument("--days", type=_days, metavar="N", help="how long it is good; else for ever")
    add.add_argument(
        "--out", type=Path, metavar="FILE", help="a new file for your eyes only; else it is printed"
    )
    add.set_defaults(run=add_key)
    listing = actions.add_parser("list", help="all keys, of accounts as well")
    listing.set_defaults(run=list_keys)
    remove = actions.add_parser("remove", help="remove a key by its id")
    remove.add_argument("id", metavar="ID")
    remove.set_defaults(run=remove_key)
    for action in (add, listing, remove):
        add_store_options(action)


def add_key(options: argparse.Namespace) -> int:
    """Make a key that belongs to nobody's account."""
    token = new_token(KEY_PREFIX)
    key = _key(options, token)
    if options.out is None:
        _keep(options, key, token)
        sys.stdout.write(f"{token.text}\n")
        return 0
    # The file first: a key that nobody got to see would open all the same.
    with new_secret_file(options.out) as out:
        _keep(options, key, token)
        out.write(f"{token.text}\n")
    return 0


def list_keys(options: argparse.Namespace) -> int:
    """All keys, one a line."""
    with open_access(options) as access:
        for key in access.keys.all():
            _say(_line(key))
    return 0


def remove_key(options: argparse.Namespace) -> int:
    """Remove a key."""
    with open_access(options) as access:
        key = access.keys.remove(options.id)
        note(access, "key_removed", f"{key.name} ({key.hint})")
    _say(f"{key.name} is removed")
    return 0


def _key(options: argparse.Namespace, token: Token) -> ApiKey:
    now = SystemClock().now()
    return ApiKey(
        id=str(uuid6.uuid7()),
        name=_name(options.name),
        hint=token.hint,
        scopes=frozenset(Scope(word) for word in options.scope),
        created_at=now,
        expires_at=None if options.days is None else now + timedelta(days=options.days),
    )


def _keep(options: argparse.Namespace, key: ApiKey, token: Token) -> None:
    with open_access(options) as access:
        access.keys.add(key, token.digest)
        scopes = ", ".join(scopes_to_json(key.scopes))
        note(access, "key_added", f"{key.name} ({key.hint})", scopes)


def _name(text: str) -> str:
    try:
        return clean_name(text, "name")
    except RequestError as err:
        raise KeyRefusedError(f"name: {err.faults[0].detail}") from err


def _line(key: ApiKey) -> str:
    used = "never used" if key.last_used_at is None else f"used {format_time(key.last_used_at)}"
    until = "" if key.expires_at is None else f", until {format_time(key.expires_at)}"
    scopes = ",".join(scopes_to_json(key.scopes))
    return f"{key.id}  {key.hint}  {key.name}  {scopes}  {used}{until}"


def _say(text: str) -> None:
    Console(highlight=False, soft_wrap=True).print(text, markup=False)


def _days(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= _LONGEST_DAYS):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of days from 1 to {_LONGEST_DAYS}")
    return int(text)
