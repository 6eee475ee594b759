"""Accounts and keys by the command line, while the engine rests."""

from __future__ import annotations

import io
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from lpr_engine.api.access.passwords import Passwords
from lpr_engine.config.sections import StorageSection
from lpr_engine.model.access import Role, Scope
from lpr_engine.model.audit import AuditFilter
from lpr_engine.model.token import digest_of
from lpr_engine.store.store import PassageStore

Lpr = Callable[..., tuple[int, str, str]]
PASSWORD = "correct horse battery staple"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of an engine that ran before."""
    folder = tmp_path / "data"
    with PassageStore(StorageSection(directory=folder)):
        return folder


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    def feed(text: str) -> None:
        monkeypatch.setattr(sys, "stdin", io.StringIO(text))

    return feed


def add(lpr: Lpr, typed: Callable[[str], None], folder: Path, name: str, role: str) -> None:
    typed(PASSWORD + "\n")
    assert lpr("account", "add", name, "--role", role, "--store", folder)[0] == 0


async def test_an_account_is_made_and_can_sign_in(
    lpr: Lpr, typed: Callable[[str], None], folder: Path
) -> None:
    typed(PASSWORD + "\r\nmore")
    code, out, err = lpr("account", "add", " Änna ", "--role", "admin", "--store", folder)
    assert (code, out, err) == (0, "Änna may sign in as admin\n", "")
    with PassageStore(StorageSection(directory=folder)) as store:
        lock = store.access.accounts.find("Änna")
        assert lock is not None
        assert lock.account.role is Role.ADMIN
        assert await Passwords().fits(lock.password_hash, PASSWORD)
        entry = store.access.audit.page(1, None, AuditFilter()).entries[0]
        told = (entry.action, entry.actor, entry.subject, entry.detail)
        assert told == ("account_added", "command line", "Änna", "admin")


async def test_a_forgotten_password_is_replaced(
    lpr: Lpr, typed: Callable[[str], None], folder: Path
) -> None:
    add(lpr, typed, folder, "Anna", "admin")
    typed("another one\n")
    assert lpr("account", "password", "anna", "--store", folder)[:2] == (
        0,
        "Anna has a new password\n",
    )
    with PassageStore(StorageSection(directory=folder)) as store:
        lock = store.access.accounts.find("Anna")
        assert lock is not None
        assert await Passwords().fits(lock.password_hash, "another one")


def test_accounts_are_listed_and_removed(
    lpr: Lpr, typed: Callable[[str], None], folder: Path
) -> None:
    add(lpr, typed, folder, "Anna", "admin")
    add(lpr, typed, folder, "[red]Ben", "viewer")
    _, out, _ = lpr("account", "list", "--store", folder)
    assert [line.split() for line in out.splitlines()][1:] == [
        ["[red]Ben", "viewer", "never"],
        ["Anna", "admin", "never"],
    ]
    assert "argon2" not in out
    assert lpr("account", "remove", "[red]ben", "--store", folder)[0] == 0
    code, _, err = lpr("account", "remove", "Anna", "--store", folder)
    assert code == 1
    assert "[last_admin]" in err


@pytest.mark.parametrize(
    ("arguments", "text", "told"),
    [
        (("add", "Ben"), PASSWORD, "the first account must be an admin"),
        (("add", "Ben", "--role", "admin"), "short", "password: 8 to 256 characters"),
        (("add", "Ben", "--role", "admin"), "", "password: 8 to 256 characters"),
        (("add", "", "--role", "admin"), PASSWORD, "name: 1 to 64 characters"),
        (("add", "a\u202eb", "--role", "admin"), PASSWORD, "name: visible signs only"),
        (("password", "Ben"), PASSWORD, "there are: none"),
        (("remove", "Ben"), PASSWORD, "[account_unknown]"),
    ],
)
def test_refusals_are_told_in_one_line(
    lpr: Lpr,
    typed: Callable[[str], None],
    folder: Path,
    arguments: tuple[str, ...],
    text: str,
    told: str,
) -> None:
    typed(text + "\n")
    code, out, err = lpr("account", *arguments, "--store", folder)
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert told in err
    with PassageStore(StorageSection(directory=folder)) as store:
        assert store.access.accounts.is_empty()


def test_at_a_terminal_the_password_is_typed_twice(
    lpr: Lpr, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    answers = iter([PASSWORD, "a slip of the finger", PASSWORD, PASSWORD])
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr("getpass.getpass", lambda _prompt: next(answers))
    arguments = ("account", "add", "Anna", "--role", "admin", "--store", folder)
    code, _, err = lpr(*arguments)
    assert code == 1
    assert "the two are not the same" in err
    assert lpr(*arguments)[0] == 0


def test_a_running_engine_is_left_alone(
    lpr: Lpr, typed: Callable[[str], None], folder: Path
) -> None:
    typed(PASSWORD + "\n")
    with PassageStore(StorageSection(directory=folder)) as store:
        code, _, err = lpr("account", "add", "Anna", "--role", "admin", "--store", folder)
        assert code == 1
        assert "another engine uses this folder" in err
        assert store.access.accounts.is_empty()


def test_the_store_is_found_by_the_configuration(
    lpr: Lpr, typed: Callable[[str], None], folder: Path, tmp_path: Path
) -> None:
    file = tmp_path / "home.yaml"
    file.write_text("storage: {directory: data}\n", encoding="utf-8")
    typed(PASSWORD + "\n")
    assert lpr("account", "add", "Anna", "--role", "admin", "--config", file)[0] == 0
    assert "Anna" in lpr("account", "list", "--store", folder)[1]


def test_a_slip_in_the_folders_name_makes_no_store(lpr: Lpr, tmp_path: Path) -> None:
    code, _, err = lpr("account", "list", "--store", tmp_path / "dat")
    assert code == 1
    assert "there is no such folder" in err
    assert list(tmp_path.iterdir()) == []


def test_a_key_is_written_for_its_user_alone(lpr: Lpr, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "lpr.key"
    code, printed, err = lpr(
        "key", "add", "--scope", "read", "--scope", "metrics", "--out", out, "--store", folder
    )
    assert (code, printed, err) == (0, "", "")
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    token = out.read_text(encoding="utf-8").rstrip("\n")
    with PassageStore(StorageSection(directory=folder)) as store:
        holder = store.access.keys.find(digest_of(token))
        assert holder is not None
        assert holder.account is None
        assert holder.scopes == {Scope.READ, Scope.METRICS}
        entry = store.access.audit.page(1, None, AuditFilter()).entries[0]
        assert entry.subject == f"script ({holder.key.hint})"


def test_what_is_there_is_not_replaced_and_no_key_is_made(
    lpr: Lpr, folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "precious"
    out.write_text("mine", encoding="utf-8")
    for place in (out, tmp_path / "nowhere" / "key"):
        code, _, err = lpr("key", "add", "--scope", "read", "--out", place, "--store", folder)
        assert code == 1
        assert f"{place}: " in err
        assert "[secret_file_refused]" in err
    assert out.read_text(encoding="utf-8") == "mine"
    assert lpr("key", "list", "--store", folder)[:2] == (0, "")


def test_a_key_that_cannot_be_kept_leaves_no_file(lpr: Lpr, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "lpr.key"
    with PassageStore(StorageSection(directory=folder)):
        assert lpr("key", "add", "--scope", "read", "--out", out, "--store", folder)[0] == 1
    assert not out.exists()


def test_keys_are_printed_listed_and_removed(lpr: Lpr, folder: Path) -> None:
    code, token, _ = lpr(
        "key", "add", "--scope", "operate", "--name", "gate", "--days", 30, "--store", folder
    )
    assert code == 0
    _, listed, _ = lpr("key", "list", "--store", folder)
    line = listed.split()
    assert line[1:6] == [token[:9], "gate", "operate", "never", "used,"]
    assert token.strip() not in listed
    assert lpr("key", "remove", line[0], "--store", folder)[1] == "gate is removed\n"
    code, _, err = lpr("key", "remove", line[0], "--store", folder)
    assert code == 1
    assert "[key_unknown]" in err


@pytest.mark.parametrize(
    "arguments",
    [("--scope", "root"), (), ("--scope", "read", "--days", "0"),
     ("--scope", "read", "--days", "\u0663")],
)  # fmt: skip
def test_slips_of_keys_are_told(lpr: Lpr, folder: Path, arguments: tuple[str, ...]) -> None:
    assert lpr("key", "add", *arguments, "--store", folder)[0] == 2
    code, _, err = lpr("key", "add", "--scope", "read", "--name", "\t", "--store", folder)
    assert code == 1
    assert "[key_refused]" in err
