import os
import stat
from pathlib import Path

import pytest

from lpr_engine.config.file import (
    PREVIOUS_KEPT,
    ConfigFileError,
    exchange,
    previous,
    read_state,
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "home.yaml"
    path.write_bytes(b"engine: {id: a}\r\n")
    path.chmod(0o640)
    return path


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_state_is_text_with_its_line_ends_and_a_version(file: Path) -> None:
    state = read_state(file)
    assert state.text == "engine: {id: a}\r\n"
    assert state.version == read_state(file).version
    file.write_bytes(b"engine: {id: b}\r\n")
    assert state.version != read_state(file).version


def test_what_is_no_text_has_a_version_all_the_same(file: Path) -> None:
    file.write_bytes(b"\xff\xfe")
    assert read_state(file).text is None
    assert read_state(file).version


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigFileError, match=r"gone\.yaml.*No such file"):
        read_state(tmp_path / "gone.yaml")


def test_exchange_keeps_mode_and_the_contents_before(file: Path) -> None:
    for number in range(PREVIOUS_KEPT + 3):
        exchange(file, read_state(file), str(number).encode())
    kept = [previous(file, number) for number in range(1, PREVIOUS_KEPT + 1)]
    assert file.read_bytes() == b"7"
    assert [path.read_bytes() for path in kept] == [b"6", b"5", b"4", b"3", b"2"]
    assert sorted(file.parent.iterdir()) == sorted([file, *kept])
    assert {mode_of(path) for path in (file, *kept)} == {0o640}


def test_link_stays_a_link(file: Path, tmp_path: Path) -> None:
    link = tmp_path / "elsewhere"
    link.mkdir()
    link = link / "lpr.yaml"
    link.symlink_to(file)
    exchange(link, read_state(link), b"new")
    assert link.is_symlink()
    assert file.read_bytes() == b"new"
    assert previous(file, 1).exists()


def test_leftover_of_a_crash_is_in_nobodys_way(file: Path) -> None:
    (file.parent / ".home.yaml.part").write_bytes(b"half")
    exchange(file, read_state(file), b"new")
    assert file.read_bytes() == b"new"
    assert not (file.parent / ".home.yaml.part").exists()


def test_refusing_folder_leaves_the_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    state = read_state(file)

    def full(_descriptor: int) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ConfigFileError, match="No space left"):
        exchange(file, state, b"new")
    assert read_state(file) == state
    assert list(file.parent.iterdir()) == [file]
