"""`lpr-engine account add|password|list|remove`: for who is locked out; the engine must not run."""

from __future__ import annotations

import argparse
import getpass
import sys
from typing import Any

import uuid6
from rich.console import Console
from rich.table import Table
from rich.text import Text

from lpr_engine.api.access.names import clean_name
from lpr_engine.api.access.passwords import Passwords, check_length
from lpr_engine.api.problem import RequestError
from lpr_engine.cli.store_access import add_store_options, note, open_access
from lpr_engine.model.access import Role
from lpr_engine.model.account import Account, AccountUnknownError, Lock
from lpr_engine.model.clock import SystemClock
from lpr_engine.model.contract import format_time
from lpr_engine.model.errors import LprError
from lpr_engine.store.access import AccessStore


class AccountRefusedError(LprError):
    """What was typed makes no account."""

    code = "account_refused"


def add_to(commands: Any) -> None:
    """Register the command."""
    command = commands.add_parser("account", help="mend who may sign in; the engine must not run")
    actions = command.add_subparsers(metavar="ACTION", required=True)
    add = actions.add_parser("add", help="make an account; its password is asked for")
    add.add_argument("name", metavar="NAME")
    add.add_argument("--role", choices=[role.value for role in Role], default=Role.VIEWER.value)
    add.set_defaults(run=add_account)
    password = actions.add_parser("password", help="set an account's password; ends its sessions")
    password.add_argument("name", metavar="NAME")
    password.set_defaults(run=set_password)
    listing = actions.add_parser("list", help="all accounts")
    listing.set_defaults(run=list_accounts)
    remove = actions.add_parser("remove", help="remove an account, its sessions and keys")
    remove.add_argument("name", metavar="NAME")
    remove.set_defaults(run=remove_account)
    for action in (add, password, listing, remove):
        add_store_options(action)


def add_account(options: argparse.Namespace) -> int:
    """Make an account; the first one has to be an admin, who can make the others."""
    role, now = Role(options.role), SystemClock().now()
    with open_access(options) as access:
        if role is not Role.ADMIN and access.accounts.is_empty():
            raise AccountRefusedError("the first account must be an admin: --role admin")
        account = Account(str(uuid6.uuid7()), _name(options.name), role, now, now)
        access.accounts.add(Lock(account, _new_hash()))
        note(access, "account_added", account.name, role.value)
    _say(f"{account.name} may sign in as {role.value}")
    return 0


def set_password(options: argparse.Namespace) -> int:
    """Put a new password in place of a forgotten one."""
    with open_access(options) as access:
        account = _found(access, options.name)
        access.accounts.set_password(account.id, _new_hash(), SystemClock().now())
        note(access, "password_changed", account.name)
    _say(f"{account.name} has a new password")
    return 0


def list_accounts(options: argparse.Namespace) -> int:
    """A table of all accounts."""
    table = Table("name", "role", "last sign-in", box=None)
    with open_access(options) as access:
        for one in access.accounts.all():
            last = "never" if one.last_sign_in_at is None else format_time(one.last_sign_in_at)
            table.add_row(Text(one.name), one.role.value, last)
    Console().print(table)
    return 0


def remove_account(options: argparse.Namespace) -> int:
    """Remove an account; the last admin stays."""
    with open_access(options) as access:
        account = _found(access, options.name)
        access.accounts.remove(account.id)
        note(access, "account_removed", account.name)
    _say(f"{account.name} is removed")
    return 0


def _found(access: AccessStore, name: str) -> Account:
    lock = access.accounts.find(name)
    if lock is None:
        known = ", ".join(account.name for account in access.accounts.all()) or "none"
        raise AccountUnknownError(f"there is no account of that name; there are: {known}")
    return lock.account


def _name(text: str) -> str:
    try:
        return clean_name(text, "name")
    except RequestError as err:
        raise AccountRefusedError(f"name: {err.faults[0].detail}") from err


def _new_hash() -> str:
    password = _typed_password()
    try:
        check_length(password, "password")
    except RequestError as err:
        raise AccountRefusedError(f"password: {err.faults[0].detail}") from err
    return Passwords().hash_now(password)


def _typed_password() -> str:
    """Typed twice at a terminal, else the first line of the input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass.getpass("New password: ")
    if getpass.getpass("Again: ") != password:
        raise AccountRefusedError("password: the two are not the same")
    return password


def _say(text: str) -> None:
    Console(highlight=False, soft_wrap=True).print(text, markup=False)
