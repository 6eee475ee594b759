"""HTTPS from files, renewed without a restart."""

from __future__ import annotations

import logging
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from lpr_engine.api import tls
from lpr_engine.api.server import ApiServer
from lpr_engine.api.tls import Certificate
from lpr_engine.config.sections import ApiSection
from lpr_engine.model.errors import ApiError
from tests.lpr_engine.api.echo import Echo
from tests.lpr_engine.api.serving import serving

KINDS = {"rsa": ("rsa:2048",), "ec": ("ec", "-pkeyopt", "ec_paramgen_curve:prime256v1")}


@pytest.fixture(scope="module")
def drawer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Certificates of both kinds, and one whose key asks for a passphrase."""
    folder = tmp_path_factory.mktemp("certificates")
    for name, kind in (("first", "rsa"), ("second", "ec")):
        make(folder, name, *KINDS[kind], "-nodes")
    make(folder, "locked", "rsa:2048", "-passout", "pass:geheim")
    return folder


def make(folder: Path, name: str, *kind: str) -> None:
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", *kind, "-days", "2", "-subj", f"/CN={name}",
         "-keyout", f"{name}.key", "-out", f"{name}.pem"],
        cwd=folder, check=True, capture_output=True, stdin=subprocess.DEVNULL,
    )  # fmt: skip


@pytest.fixture
def files(tmp_path: Path, drawer: Path) -> tuple[Path, Path]:
    put(drawer, "first", tmp_path)
    return tmp_path / "chain.pem", tmp_path / "key.pem"


def put(drawer: Path, name: str, folder: Path) -> None:
    shutil.copy(drawer / f"{name}.pem", folder / "chain.pem")
    shutil.copy(drawer / f"{name}.key", folder / "key.pem")


@pytest.fixture
def server(files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[ApiServer]:
    monkeypatch.setattr(tls, "_LOOK_EVERY_S", 0.05)
    section = ApiSection(port=0, tls_certificate=files[0], tls_key=files[1])
    with serving([Echo()], section) as server:
        yield server


def shown_by(server: ApiServer, name: str | None = None) -> bytes:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with (
        socket.create_connection(("127.0.0.1", server.port), timeout=5) as plain,
        context.wrap_socket(plain, server_hostname=name) as stream,
    ):
        stream.sendall(b"GET /open HTTP/1.0\r\n\r\n")
        assert b"200 OK" in stream.recv(4096)
        return stream.getpeercert(binary_form=True) or b""


def der(drawer: Path, name: str) -> bytes:
    return ssl.PEM_cert_to_DER_cert((drawer / f"{name}.pem").read_text())


@pytest.mark.parametrize("name", [None, "engine.example"])
def test_a_renewal_is_shown_to_the_next_who_comes(
    server: ApiServer, files: tuple[Path, Path], drawer: Path, name: str | None
) -> None:
    assert server.url.startswith("https://")
    assert shown_by(server, name) == der(drawer, "first")
    put(drawer, "second", files[0].parent)
    deadline_s = time.monotonic() + 10
    while shown_by(server, name) != der(drawer, "second"):
        assert time.monotonic() < deadline_s, "the renewal was not taken"
        time.sleep(0.05)


def test_a_renewal_that_is_half_there_changes_nothing_and_is_told_once(
    files: tuple[Path, Path], drawer: Path, caplog: pytest.LogCaptureFixture
) -> None:
    certificate = Certificate(*files)
    before = certificate._current
    shutil.copy(drawer / "second.pem", files[0])
    caplog.set_level(logging.INFO)
    certificate.refresh()
    certificate.refresh()
    assert certificate._current is before
    assert len(caplog.records) == 1
    files[1].unlink()
    certificate.refresh()
    assert certificate._current is before
    shutil.copy(drawer / "second.key", files[1])
    certificate.refresh()
    assert certificate._current is not before
    assert "renewed" in caplog.records[-1].message
    after = certificate._current
    certificate.refresh()
    assert certificate._current is after


def test_certificates_that_cannot_be_used_are_named_at_the_start(
    files: tuple[Path, Path], drawer: Path
) -> None:
    for chain, key in (("first.pem", "second.key"), ("first.key", "first.key"),
                       ("locked.pem", "locked.key"), ("none.pem", "first.key")):  # fmt: skip
        section = ApiSection(port=0, tls_certificate=drawer / chain, tls_key=drawer / key)
        with pytest.raises(ApiError, match="TLS certificate"), serving([Echo()], section):
            pass


def test_a_client_that_speaks_no_tls_holds_nobody_up(server: ApiServer, drawer: Path) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as plain:
        plain.sendall(b"GET /open HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert shown_by(server) == der(drawer, "first")
        assert b"200" not in plain.recv(4096)
