"""Backups that come in through the door: whole ones are listed, and nothing is left of others."""

from __future__ import annotations

import json
import shutil
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
from lpr_engine.model.backup import BackupBusyError
from lpr_engine.model.clock import SystemClock
from lpr_engine.store.backup.care import Care
from lpr_engine.store.backup.writing import BackupOrder, write_backup
from lpr_engine.store.opening import DATABASE_NAME
from lpr_engine.store.store import PassageStore
from tests.lpr_engine.api.broken_backups import BROKEN, Change, archive, bomb, parts_of
from tests.lpr_engine.api.serving import ADMIN, WHO, ask, ask_json, serving
from tests.lpr_engine.pipeline.scripted import wait_for
from tests.lpr_engine.store.conftest import NOON, make_update

BACKUPS = "/api/v1/backups"
NAME = "from-elsewhere.tar.gz"
GZIP = {**ADMIN, "Content-Type": "application/gzip"}
MOST_MB = 20


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A backup of another engine, with a picture and a configuration."""
    folder = tmp_path_factory.mktemp("elsewhere")
    (folder / "home.yaml").write_text("storage: {directory: data}\n", encoding="utf-8")
    with PassageStore(StorageSection(directory=folder / "data")) as store:
        store.commit(make_update())
        order = BackupOrder(
            folder / "data", "other", "0.1.0", NOON,
            configuration=folder / "home.yaml", with_media=True,
        )  # fmt: skip
        write_backup(order, folder / "b.tar.gz", Care(folder, spare_bytes=0))
    return (folder / "b.tar.gz").read_bytes()


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    return tmp_path / "backups"


@pytest.fixture
def keeper(tmp_path: Path, shelf: Path) -> Iterator[BackupKeeper]:
    home = tmp_path / "home.yaml"
    home.write_text("storage: {directory: data}\n", encoding="utf-8")
    with PassageStore(StorageSection(directory=tmp_path / "data")) as store:
        kept = Kept(tmp_path / "data", "home", store.media, ConfigurationSource(home, {}))
        section = BackupSection(directory=shelf)
        yield BackupKeeper(Configuration(backup=section), kept, SystemClock())


@pytest.fixture
def server(keeper: BackupKeeper) -> Iterator[ApiServer]:
    with serving([BackupRoutes(keeper, MOST_MB)]) as server:
        yield server


def put(server: ApiServer, content: bytes, name: str = NAME) -> tuple[int, Any]:
    return ask_json(server, f"{BACKUPS}/{name}", "PUT", content, GZIP)


def ended(server: ApiServer, job: dict[str, Any]) -> dict[str, Any]:
    path = f"/api/v1/backup-jobs/{job['id']}"

    def now() -> dict[str, Any]:
        return dict(ask_json(server, path, headers=ADMIN)[1])

    assert wait_for(lambda: now()["state"] != "running", 30)
    return now()


def listed(server: ApiServer) -> list[str]:
    return [one["name"] for one in ask_json(server, BACKUPS, headers=ADMIN)[1]["items"]]


def left(shelf: Path) -> set[str]:
    """All that lies there, but for the lock."""
    return {path.name for path in shelf.glob("*")} - {".lpr-backups.lock"}


def test_a_fresh_machine_is_restored_over_the_door(
    server: ApiServer, content: bytes, shelf: Path, tmp_path: Path
) -> None:
    status, job = put(server, content)
    assert (status, job["kind"], job["state"], job["backup"]) == (202, "upload", "running", NAME)
    done = ended(server, job)
    assert (done["state"], done["detail"]) == ("done", None)
    assert done["done_bytes"] > len(content)
    assert listed(server) == [NAME]
    assert left(shelf) == {NAME}
    assert (shelf / NAME).read_bytes() == content
    assert (shelf / NAME).stat().st_mode & 0o777 == 0o600
    _, job = ask_json(server, f"{BACKUPS}/{NAME}/restore", "POST", {}, ADMIN)
    assert ended(server, job)["state"] == "done"
    assert (tmp_path / "data" / "restore" / "restore.json").exists()


def test_nothing_is_listed_before_it_was_checked(
    server: ApiServer, keeper: BackupKeeper, content: bytes, shelf: Path
) -> None:
    with keeper._shelf.claimed():
        _, job = put(server, content)
        failed = ended(server, job)
    assert (failed["state"], failed["code"]) == ("failed", "backup_busy")
    assert listed(server) == []
    assert left(shelf) == set()


def test_a_name_that_is_taken_is_left_alone(server: ApiServer, content: bytes, shelf: Path) -> None:
    ended(server, put(server, content)[1])
    status, problem = put(server, b"something else")
    assert (status, problem["code"]) == (409, "backup_taken")
    assert (shelf / NAME).read_bytes() == content


@pytest.mark.parametrize("change", BROKEN.values(), ids=list(BROKEN))
def test_of_what_is_no_backup_nothing_is_left(
    server: ApiServer,
    content: bytes,
    shelf: Path,
    tmp_path: Path,
    change: Change,
) -> None:
    home = (tmp_path / "home.yaml").read_bytes()
    status, job = put(server, change(content, tmp_path))
    assert status == 202
    failed = ended(server, job)
    assert (failed["state"], failed["code"]) == ("failed", "backup_refused")
    assert failed["detail"].startswith(NAME)
    assert str(tmp_path) not in failed["detail"]
    assert listed(server) == []
    assert left(shelf) == set()
    assert (tmp_path / "home.yaml").read_bytes() == home
    assert ask(server, f"{BACKUPS}/{NAME}", headers=ADMIN)[0] == 404


def test_a_change_that_changes_nothing_is_not_refused(
    server: ApiServer, content: bytes, tmp_path: Path
) -> None:
    _, job = put(server, archive(parts_of(content, tmp_path)))
    assert ended(server, job)["detail"] is None


@pytest.mark.parametrize("member", [DATABASE_NAME, "media.sha256"])
def test_a_bomb_is_given_up_before_it_is_unpacked(
    server: ApiServer,
    content: bytes,
    shelf: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    member: str,
) -> None:
    monkeypatch.setattr("lpr_engine.store.backup.arrival._ALWAYS_BYTES", 1_000_000)
    size_bytes = 300_000_000
    parts = dict(parts_of(content, tmp_path))
    manifest = json.loads(parts.pop("manifest.json"))
    if member == DATABASE_NAME:
        manifest["members"][-1] |= {"bytes": size_bytes}
    before = [(name, data) for name, data in parts.items() if name != member]
    if member == DATABASE_NAME:
        before = before[:1]
    status, job = put(server, bomb([("manifest.json", json.dumps(manifest).encode()), *before],
                                   member, size_bytes))  # fmt: skip
    assert status == 202
    failed = ended(server, job)
    assert (failed["state"], failed["code"]) == ("failed", "backup_refused")
    assert "unpacks to far more" in failed["detail"]
    assert failed["done_bytes"] < size_bytes / 2
    assert left(shelf) == set()


def test_what_is_larger_than_allowed_is_refused(server: ApiServer, shelf: Path) -> None:
    status, problem = put(server, bytes(MOST_MB * 1_000_000 + 1))
    assert (status, problem["code"]) == (413, "too_large")
    assert left(shelf) == set()


def test_none_may_come_where_none_is_allowed(keeper: BackupKeeper, content: bytes) -> None:
    with serving([BackupRoutes(keeper, 0)]) as server:
        assert put(server, content)[0] == 413


def test_what_has_no_end_is_refused_when_it_is_too_large(server: ApiServer, shelf: Path) -> None:
    head = (
        f"PUT {BACKUPS}/{NAME} HTTP/1.1\r\nHost: localhost\r\n{WHO}: admin\r\n"
        "Content-Type: application/gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    chunk = b"100000\r\n" + bytes(0x100000) + b"\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as stream:
        stream.sendall(head.encode())
        answer = b""
        try:
            for _ in range(MOST_MB + 5):
                stream.sendall(chunk)
            answer = stream.recv(1000)
        except ConnectionError:
            pass
    assert answer == b"" or b" 413 " in answer
    assert wait_for(lambda: left(shelf) == set(), 10)
    assert listed(server) == []


def test_who_breaks_off_leaves_nothing_and_holds_nobody_up(
    server: ApiServer, keeper: BackupKeeper, content: bytes, shelf: Path
) -> None:
    head = (
        f"PUT {BACKUPS}/{NAME} HTTP/1.1\r\nHost: localhost\r\n{WHO}: admin\r\n"
        f"Content-Type: application/gzip\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as stream:
        stream.sendall(head.encode() + content[:-1])
        assert wait_for(lambda: any(one.startswith(".arriving-") for one in left(shelf)), 10)
        status, problem = put(server, content, "another.tar.gz")
        assert (status, problem["code"]) == (409, "backup_busy")
        with pytest.raises(BackupBusyError):
            keeper.create()
    assert wait_for(lambda: left(shelf) == set(), 10)
    assert wait_for(lambda: put(server, content)[0] == 202, 10)


@pytest.mark.parametrize(
    "name",
    ["..%2fhome.tar.gz", "%2e%2e%2fdata%2fb.tar.gz", ".hidden.tar.gz", "b.zip", "a%00.tar.gz",
     "lpr.sqlite3", "%2ftmp%2fb.tar.gz"],
)  # fmt: skip
def test_a_name_that_leads_elsewhere_is_not_found(
    server: ApiServer, content: bytes, name: str, tmp_path: Path
) -> None:
    before = sorted(path for path in tmp_path.rglob("*.tar.gz"))
    assert put(server, content, name)[0] == 404
    assert sorted(path for path in tmp_path.rglob("*.tar.gz")) == before


def test_a_link_in_its_place_is_not_followed(
    server: ApiServer, content: bytes, shelf: Path, tmp_path: Path
) -> None:
    shelf.mkdir()
    (shelf / NAME).symlink_to(tmp_path / "elsewhere.tar.gz")
    assert put(server, content)[0] == 409
    assert not (tmp_path / "elsewhere.tar.gz").exists()


@pytest.mark.parametrize("kind", ["application/json", "application/zip", "text/plain"])
def test_another_type_is_refused(server: ApiServer, content: bytes, kind: str) -> None:
    headers = {**ADMIN, "Content-Type": kind}
    assert ask(server, f"{BACKUPS}/{NAME}", "PUT", content, headers)[0] == 415


@pytest.mark.parametrize("who", ["viewer", "operator", "key:metrics,read,operate", "nobody"])
def test_only_admins_bring_one_in(server: ApiServer, content: bytes, shelf: Path, who: str) -> None:
    status, _ = ask(server, f"{BACKUPS}/{NAME}", "PUT", content, {**GZIP, WHO: who})
    assert status in (401, 403)
    assert not shelf.exists()


def test_a_folder_that_cannot_be_made_is_told(
    server: ApiServer, content: bytes, shelf: Path, tmp_path: Path
) -> None:
    shelf.write_bytes(b"a file stands here")
    status, problem = put(server, content)
    assert (status, problem["code"]) == (503, "store_failed")
    shelf.unlink()
    shutil.rmtree(shelf, ignore_errors=True)
    assert put(server, content)[0] == 202
