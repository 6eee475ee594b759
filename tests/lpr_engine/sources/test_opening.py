import pytest

from lpr_engine.model.clock import SystemClock
from lpr_engine.model.errors import SourceRefusedError
from lpr_engine.model.figures import CameraHealth
from lpr_engine.sources.live import LiveSource
from lpr_engine.sources.opening import open_source
from lpr_engine.sources.recording import RecordedSource


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("rtsp://user:hunter2@cam/live", LiveSource),
        ("https://cam/mjpg", LiveSource),
        ("v4l2:///dev/video0", LiveSource),
        ("0", LiveSource),
        ("gate.mp4", RecordedSource),
        ("gate.jpg", RecordedSource),
        ("/", RecordedSource),
    ],
)
def test_the_source_that_fits_and_nothing_opened_yet(camera_at, source, kind) -> None:
    opened = open_source(camera_at(source), SystemClock())
    assert isinstance(opened, kind)
    assert (opened.health, opened.reconnects) == (CameraHealth.STARTING, 0)
    assert opened.last_error is None
    opened.close()
    assert list(opened.frames()) == []


def test_an_unknown_scheme_is_refused(camera_at) -> None:
    with pytest.raises(SourceRefusedError, match="unknown scheme 'webrtc'"):
        open_source(camera_at("webrtc://cam"), SystemClock())
