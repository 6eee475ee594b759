"""Backups through the door: made, fetched, deleted, laid ready, over a real store."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lpr_engine.api.backup import BackupRoutes
from lpr_engine.api.server import ApiServer
from lpr_engine.app.backup_keeper import BackupKeeper, Kept
from lpr_engine.config.desk import ConfigurationSource
from lpr_engine.config.sections import BackupSection, Configuration, StorageSection
from lpr_engine.model.clock import SystemClock
from lpr_engine.store.backup.unpacking import read_manifest
from lpr_engine.store.store import PassageStore
from tests.lpr_engine.api.serving import ADMIN, WHO, ask, ask_json, serving
from tests.lpr_engine.pipeline.scripted import wait_for
from tests.lpr_engine.store.access_values import make_lock
from tests.lpr_engine.store.conftest import make_update

BACKUPS, STAGED = "/api/v1/backups", "/api/v1/restore"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[PassageStore]:
    with PassageStore(StorageSection(directory=tmp_path / "data")) as store:
        store.commit(make_update())
        yield store


@pytest.fixture
def keeper(tmp_path: Path, store: PassageStore) -> BackupKeeper:
    home = tmp_path / "home.yaml"
    home.write_text("storage: {directory: data}\n", encoding="utf-8")
    section = BackupSection(every="day", directory=tmp_path / "backups")
    kept = Kept(tmp_path / "data", "home", store.media, ConfigurationSource(home, {}))
    return BackupKeeper(Configuration(backup=section), kept, SystemClock())


@pytest.fixture
def server(keeper: BackupKeeper) -> Iterator[ApiServer]:
    with serving([BackupRoutes(keeper)]) as server:
        yield server


def get(server: ApiServer, path: str) -> Any:
    status, found = ask_json(server, path, headers=ADMIN)
    assert status == 200
    return found


def post(server: ApiServer, path: str, body: object = None) -> tuple[int, Any]:
    return ask_json(server, path, "POST", body, ADMIN)


def ended(server: ApiServer, job: dict[str, Any]) -> dict[str, Any]:
    path = f"/api/v1/backup-jobs/{job['id']}"
    assert wait_for(lambda: get(server, path)["state"] != "running", 30)
    found: dict[str, Any] = get(server, path)
    return found


def made(server: ApiServer, body: object = None) -> str:
    status, job = post(server, BACKUPS, body)
    assert (status, job["state"], job["kind"]) == (202, "running", "create")
    done = ended(server, job)
    assert (done["state"], done["code"]) == ("done", None)
    return str(done["backup"])


def test_backup_is_made_and_listed(server: ApiServer) -> None:
    listed = get(server, BACKUPS)
    assert (listed["items"], listed["next_cursor"]) == ([], None)
    assert listed["next_scheduled_at"].endswith("Z")
    name = made(server)
    (item,) = get(server, BACKUPS)["items"]
    assert (item["name"], item["media"], item["configuration"], item["secrets"]) == (
        name, False, True, False,
    )  # fmt: skip
    assert get(server, f"{BACKUPS}/{name}") == item


def test_what_is_wished_for_is_in_it(server: ApiServer) -> None:
    name = made(server, {"media": True})
    assert get(server, f"{BACKUPS}/{name}")["media"] is True


def test_file_is_fetched_whole_and_in_parts(server: ApiServer, tmp_path: Path) -> None:
    name = made(server)
    status, content = ask(server, f"{BACKUPS}/{name}/file", headers=ADMIN)
    assert status == 200
    fetched = tmp_path / "fetched.tar.gz"
    fetched.write_bytes(content)
    assert read_manifest(fetched).engine == "home"
    status, rest = ask(
        server, f"{BACKUPS}/{name}/file", headers={**ADMIN, "Range": f"bytes={len(content) - 9}-"}
    )
    assert (status, rest) == (206, content[-9:])


def test_file_is_named_for_whoever_saves_it(server: ApiServer) -> None:
    name = made(server)
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as stream:
        stream.sendall(
            f"HEAD {BACKUPS}/{name}/file HTTP/1.1\r\nHost: localhost\r\nX-Who: admin\r\n"
            "Connection: close\r\n\r\n".encode()
        )
        head = b"".join(iter(lambda: stream.recv(65536), b"")).decode()
    assert f'attachment; filename="{name}"' in head
    assert "application/gzip" in head
    assert "no-store" in head


def test_deleted_backup_is_gone(server: ApiServer) -> None:
    name = made(server)
    assert ask(server, f"{BACKUPS}/{name}", "DELETE", headers=ADMIN)[0] == 204
    assert ask(server, f"{BACKUPS}/{name}", "DELETE", headers=ADMIN)[0] == 404
    assert get(server, BACKUPS)["items"] == []


def test_one_piece_of_work_at_a_time(server: ApiServer, keeper: BackupKeeper) -> None:
    with keeper._shelf.claimed():
        _, job = post(server, BACKUPS)
        failed = ended(server, job)
    assert (failed["state"], failed["code"]) == ("failed", "backup_busy")


def test_restore_is_laid_ready_and_taken_back(server: ApiServer) -> None:
    name = made(server, {"media": True})
    assert ask_json(server, STAGED, headers=ADMIN)[0] == 404
    status, job = post(server, f"{BACKUPS}/{name}/restore", {"configuration": True})
    assert (status, job["kind"], job["backup"]) == (202, "restore", name)
    assert ended(server, job)["state"] == "done"
    staged = get(server, STAGED)
    assert (staged["backup"], staged["media"], staged["configuration"]) == (name, True, True)
    assert ask(server, STAGED, "DELETE", headers=ADMIN)[0] == 204
    assert ask_json(server, STAGED, headers=ADMIN)[0] == 404
    assert ask(server, STAGED, "DELETE", headers=ADMIN)[0] == 404


def test_whose_accounts_count_after_a_restore_is_told(
    server: ApiServer, store: PassageStore
) -> None:
    store.access.accounts.add_first(make_lock("Anna"))
    ben = make_lock("Ben")
    store.access.accounts.add(ben)
    name = made(server)
    store.access.accounts.remove(ben.account.id)
    for body, access in (
        (None, {"source": "here", "accounts": [], "keys": []}),
        ({"access": "backup"}, {"source": "backup", "accounts": ["Ben"], "keys": []}),
        ({"access": "nobody"}, {"source": "nobody", "accounts": [], "keys": []}),
    ):
        _, job = post(server, f"{BACKUPS}/{name}/restore", body)
        assert ended(server, job)["state"] == "done"
        assert get(server, STAGED)["access"] == access


def test_damaged_backup_fails_with_its_reason(server: ApiServer, keeper: BackupKeeper) -> None:
    name = made(server)
    path = keeper.file(name)
    path.write_bytes(path.read_bytes()[:-9])
    _, job = post(server, f"{BACKUPS}/{name}/restore")
    failed = ended(server, job)
    assert (failed["state"], failed["code"]) == ("failed", "backup_refused")
    assert name in failed["detail"]
    path.write_bytes(b"x")
    status, problem = ask_json(server, f"{BACKUPS}/{name}", headers=ADMIN)
    assert (status, problem["code"]) == (409, "backup_refused")


@pytest.mark.parametrize(
    "name",
    [
        "nothing.tar.gz",
        "..%2fdata%2flpr.sqlite3",
        "%2e%2e%2fhome.tar.gz",
        "%2fetc%2fpasswd",
        ".hidden.tar.gz",
        "a" * 300 + ".tar.gz",
        "%00.tar.gz",
        "lpr.tar.gz%0a",
    ],
)
def test_what_is_no_backup_is_not_found(server: ApiServer, name: str) -> None:
    for method, path in (("GET", ""), ("GET", "/file"), ("DELETE", ""), ("POST", "/restore")):
        status, problem = ask_json(server, f"{BACKUPS}/{name}{path}", method, headers=ADMIN)
        assert (status, problem["code"]) == (404, "not_found")


@pytest.mark.parametrize("job", ["1", "f" * 32, "F" * 32, "..%2f"])
def test_unknown_job_is_not_found(server: ApiServer, job: str) -> None:
    assert ask_json(server, f"/api/v1/backup-jobs/{job}", headers=ADMIN)[0] == 404


@pytest.mark.parametrize("body", [{"media": 1}, {"more": True}, [], {"secrets": None}])
def test_wishes_of_another_form_are_refused(server: ApiServer, body: object) -> None:
    assert post(server, BACKUPS, body)[0] == 400
    assert post(server, f"{BACKUPS}/nothing.tar.gz/restore", body)[0] == 400
    assert post(server, f"{BACKUPS}/nothing.tar.gz/restore", {"access": "all"})[0] == 400


@pytest.mark.parametrize("who", ["viewer", "operator", "key:metrics,read,operate"])
def test_only_admins_come_here(server: ApiServer, who: str) -> None:
    for method, path in (
        ("GET", BACKUPS), ("POST", BACKUPS), ("GET", f"{BACKUPS}/a.tar.gz"),
        ("GET", f"{BACKUPS}/a.tar.gz/file"), ("DELETE", f"{BACKUPS}/a.tar.gz"),
        ("POST", f"{BACKUPS}/a.tar.gz/restore"), ("GET", STAGED), ("DELETE", STAGED),
        ("GET", "/api/v1/backup-jobs/" + "f" * 32),
    ):  # fmt: skip
        assert ask_json(server, path, method, headers={WHO: who})[0] == 403
