"""Pictures as files: whole, synchronised, named by their content."""

from __future__ import annotations

import errno
import hashlib
from pathlib import Path

import pytest

from lpr_engine.model.errors import DiskFullError, StoreError
from lpr_engine.store.media import MediaFolder

CONTENT = b"a picture"
DIGEST = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def media(tmp_path: Path) -> MediaFolder:
    return MediaFolder(tmp_path)


def test_path_is_the_hash_of_the_content(media: MediaFolder, tmp_path: Path) -> None:
    picture = media.put(CONTENT, ".jpg")

    assert picture.path == f"media/{DIGEST[:2]}/{DIGEST}.jpg"
    assert (picture.size_bytes, picture.is_new) == (len(CONTENT), True)
    assert (tmp_path / picture.path).read_bytes() == CONTENT
    assert media.read(picture.path) == CONTENT


def test_same_content_is_kept_once(media: MediaFolder) -> None:
    first, second = media.put(CONTENT, ".jpg"), media.put(CONTENT, ".jpg")

    assert (first.path, second.is_new) == (second.path, False)


def test_file_of_the_wrong_size_is_written_again(media: MediaFolder, tmp_path: Path) -> None:
    picture = media.put(CONTENT, ".jpg")
    (tmp_path / picture.path).write_bytes(b"cut")

    assert media.put(CONTENT, ".jpg").is_new
    assert media.read(picture.path) == CONTENT


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_full_disk_leaves_no_part(
    media: MediaFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refuse(descriptor: int) -> None:
        raise OSError(number, "no space")

    media.put(b"makes the folders", ".jpg")
    monkeypatch.setattr("os.fsync", refuse)

    with pytest.raises(DiskFullError):
        media.put(CONTENT, ".jpg")

    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


@pytest.mark.parametrize(
    "path",
    [
        "",
        "media/../lpr.sqlite3",
        "/etc/passwd",
        f"media/{DIGEST[:2]}/../{DIGEST}.jpg",
        f"media/00/{DIGEST}.jpg",
        f"media/{DIGEST[:2]}/{DIGEST}.jpg\n",
        f"media/{DIGEST[:2]}/{DIGEST}.exe",
        f"media/{DIGEST[:2]}/{DIGEST.upper()}.jpg",
    ],
)
def test_only_paths_of_pictures_lead_to_files(media: MediaFolder, path: str) -> None:
    media.put(CONTENT, ".jpg")

    with pytest.raises(StoreError, match="not the path of a picture"):
        media.read(path)


def test_removed_picture_reads_as_none(media: MediaFolder) -> None:
    path = media.put(CONTENT, ".jpg").path

    assert media.remove([path]) == 1
    assert media.read(path) is None
    assert not media.exists(path)
    assert media.remove([path]) == 1


def test_what_cannot_be_removed_is_said_and_stays(
    media: MediaFolder, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = f"media/{DIGEST[:2]}/{DIGEST}.jpg"
    (tmp_path / path).mkdir(parents=True)

    assert media.remove([path]) == 0
    assert "cannot remove" in caplog.text
