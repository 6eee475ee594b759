import threading

import cv2
import pytest

from lpr_engine.model.clock import SystemClock
from lpr_engine.model.errors import SourceError, SourceRefusedError
from lpr_engine.sources.address import parse_address
from lpr_engine.sources.capture import StreamLimits
from lpr_engine.sources.devices import csi_opener, csi_pipeline, v4l2_opener
from lpr_engine.sources.opening import open_source

LIMITS = StreamLimits()


def test_a_device_that_is_not_there() -> None:
    with pytest.raises(SourceError, match=r"/dev/video99: there is no such device"):
        v4l2_opener(parse_address("99"))()


def test_a_device_that_is_no_camera() -> None:
    with pytest.raises(SourceError, match="busy or no camera"):
        v4l2_opener(parse_address("v4l2:///dev/null"))()


def test_an_absent_camera_is_waited_for(camera_at) -> None:
    limits = StreamLimits(retry_first_s=0.01, retry_most_s=0.02)
    source = open_source(camera_at("/dev/video99"), SystemClock(), limits)
    reader = threading.Thread(target=lambda: list(source.frames()))
    reader.start()
    try:
        while source.reconnects < 2 and reader.is_alive():
            threading.Event().wait(0.01)
    finally:
        source.close()
        reader.join(timeout=20)
    assert source.reconnects >= 2
    assert "no such device" in source.last_error


def test_the_csi_pipeline_names_sensor_and_size() -> None:
    usual = csi_pipeline(parse_address("csi://1"))
    assert usual.startswith("nvarguscamerasrc sensor-id=1 ! ")
    assert "width=(int)1920, height=(int)1080, framerate=(fraction)30/1" in usual
    assert usual.endswith("format=(string)BGR ! appsink drop=true max-buffers=1 sync=false")
    other = csi_pipeline(parse_address("csi://0?width=1280&height=720&fps=60"))
    assert "width=(int)1280, height=(int)720, framerate=(fraction)60/1" in other


@pytest.mark.skipif(
    cv2.videoio_registry.hasBackend(cv2.CAP_GSTREAMER), reason="this OpenCV has GStreamer"
)
def test_csi_without_gstreamer_and_without_jetson_utils_is_refused(camera_at) -> None:
    with pytest.raises(SourceRefusedError, match=r"csi://0 needs .*GStreamer, or NVIDIA's"):
        csi_opener(parse_address("csi://0"), LIMITS)
    with pytest.raises(SourceRefusedError):
        open_source(camera_at("csi://0"), SystemClock())
