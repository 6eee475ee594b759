"""Origins and certificates of the HTTP door."""

from pathlib import Path

import pytest
import voluptuous as vol

from lpr_engine.config import web


@pytest.mark.parametrize(
    ("written", "origin"),
    [
        ("https://home.example", "https://home.example"),
        ("https://Home.Example:443", "https://home.example"),
        ("http://10.0.0.2:8123", "http://10.0.0.2:8123"),
        ("http://[::1]:8123", "http://[::1]:8123"),
        ("http://home.example:80", "http://home.example"),
    ],
)
def test_origins_are_kept_as_browsers_write_them(written: str, origin: str) -> None:
    assert web.origin(written) == origin


@pytest.mark.parametrize(
    "written",
    ["*", "null", "home.example", "https://home.example/", "https://u:p@home.example",
     "ftp://home.example", "https://home.example:99999", "https://", "https://a b", 5, None],
)  # fmt: skip
def test_what_is_no_origin_is_refused(written: object) -> None:
    with pytest.raises(vol.Invalid):
        web.origin(written)


@pytest.mark.parametrize(
    ("written", "network"),
    [
        ("192.168.1.5", "192.168.1.5"),
        ("192.168.1.5/32", "192.168.1.5"),
        ("172.16.0.0/12", "172.16.0.0/12"),
        ("10.0.0.0/255.0.0.0", "10.0.0.0/8"),
        ("FD00:0::/8", "fd00::/8"),
        ("::1", "::1"),
    ],
)
def test_networks_are_kept_in_their_shortest_form(written: str, network: str) -> None:
    assert web.network(written) == network


@pytest.mark.parametrize(
    "written",
    ["0.0.0.0/0", "::/0", "10.0.0.1/8", "proxy.local", "10.0.0.0/33", "10", "fe80::1%eth0", "*", 5,
     None, "", "10.0.0.1:80"],
)  # fmt: skip
def test_what_is_no_network_or_everybody_is_refused(written: object) -> None:
    with pytest.raises(vol.Invalid):
        web.network(written)


def test_certificates_start_at_the_folder_of_add_ons_where_there_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in ("ssl", "base"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "chain.pem").write_text(folder)
    rule = web.certificate(tmp_path / "base")
    monkeypatch.setattr(web, "ADD_ON_CERTIFICATES", tmp_path / "none")
    assert rule("chain.pem").read_text() == "base"
    monkeypatch.setattr(web, "ADD_ON_CERTIFICATES", tmp_path / "ssl")
    assert rule("chain.pem").read_text() == "ssl"
    assert rule(str(tmp_path / "base" / "chain.pem")).read_text() == "base"
