from pathlib import Path

import pytest

from lpr_engine.config.source import source
from lpr_engine.config.values import RefusedError, SecretText

BASE = Path("/srv/lpr")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("rtsp://10.0.0.5/stream", None),
        ("RTSP://10.0.0.5:554/stream", None),
        ("rtsp://user:p%40ss@[fe80::1]:554/stream?channel=1", None),
        ("https://user:word@host.local/video.mjpg", None),
        ("http://h/v?mail=a@b", None),
        ("v4l2:///dev/video0?width=640", None),
        ("csi://0", None),
        ("file:///srv/clip.mp4", None),
        ("/dev/video0", None),
        ("0", None),
        ("~/clip.mp4", None),
        (" rtsp://h/s ", "rtsp://h/s"),
        ("clips/gate 2.mp4", "/srv/lpr/clips/gate 2.mp4"),
        ("../pictures", "/srv/lpr/../pictures"),
    ],
)
def test_source_that_can_be_opened_is_kept(written: str, expected: str | None) -> None:
    assert source(BASE)(written) == (expected or written)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("rtsp://", "names no host"),
        ("rtsp:///stream", "names no host"),
        ("rtsp://geheim@", "names no host"),
        ("rtsp:/10.0.0.5/stream", "lacks a slash"),
        ("rtps://joe:geheim@h/s", "scheme is unknown"),
        ("ftp://joe:geheim@h/s", "scheme is unknown"),
        ("rtsp://joe:geheim@h:99999/s", "host or port is malformed"),
        ("rtsp://joe:geheim@h:port/s", "host or port is malformed"),
        ("rtsp://joe:geheim@[h/s", "host or port is malformed"),
        ("rtsp://joe:geheim@h:0/s", "port is 0"),
        ("rtsp://joe:geheim/x@h/s", "host or port is malformed"),
        ("rtsp://joe:geheim#x@h/s", "host or port is malformed"),
        ("rtsp://joe:geheim x@h/s", "holds a space"),
        ("rtsp://h/a\nb", "control character"),
        ("joe:geheim@10.0.0.5/s", "lacks its scheme"),
        ("x" * 2001, "2001 characters"),
        (SecretText("rtps://joe:geheim@h/s"), "scheme is unknown"),
    ],
)
def test_source_that_cannot_work_is_refused_unseen(written: str, words: str) -> None:
    with pytest.raises(RefusedError) as caught:
        source(BASE)(written)
    error = caught.value
    assert words in error.what
    assert "geheim" not in f"{error} {error.what} {error.expected} {error.hint}"
    assert error.__cause__ is None
    assert error.__context__ is None


def test_slash_in_a_password_is_hinted_at() -> None:
    with pytest.raises(RefusedError) as caught:
        source(BASE)("rtsp://joe:a/b@h/s")
    assert "/ as %2F" in str(caught.value.hint)
