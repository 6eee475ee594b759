"""NVIDIA's module needs NVIDIA's board: here a module of its shape stands in for the hardware."""

import importlib
import sys
import textwrap

import pytest

from lpr_engine.model.errors import SourceError, SourceRefusedError
from lpr_engine.sources.address import parse_address
from lpr_engine.sources.capture import StreamLimits
from lpr_engine.sources.jetson import find_jetson_module, jetson_opener

BOARD = """
    import numpy

    opened = []
    pictures = [None, "picture", RuntimeError]

    class videoSource:
        def __init__(self, uri, argv):
            if uri != "csi://0":
                raise Exception("failed to create videoSource device")
            opened.append((uri, argv))
            self.script = iter(pictures)

        def Capture(self, format, timeout):
            assert format == "rgb8"
            picture = next(self.script, None)
            if picture is RuntimeError:
                raise Exception("videoSource failed to capture image")
            return picture

        def Close(self):
            opened.clear()

    def cudaDeviceSynchronize():
        pass

    def cudaToNumpy(picture):
        return numpy.full((2, 3, 3), (10, 20, 30), numpy.uint8)
"""


@pytest.fixture
def install(tmp_path, monkeypatch):
    def write(code: str, author: str | None = None) -> None:
        (tmp_path / "jetson_utils.py").write_text(textwrap.dedent(code))
        if author is not None:
            about = tmp_path / "jetson_utils-0.0.10.dist-info"
            about.mkdir()
            text = f"Metadata-Version: 2.1\nName: jetson-utils\nVersion: 0.0.10\nAuthor: {author}\n"
            (about / "METADATA").write_text(text)
        monkeypatch.syspath_prepend(tmp_path)
        importlib.invalidate_caches()

    yield write
    sys.modules.pop("jetson_utils", None)


def test_no_module_is_no_error() -> None:
    assert find_jetson_module() is None


def test_the_unrelated_package_is_refused_without_running_it(install) -> None:
    install("raise SystemExit('foreign code ran')", author="Jai-Chang Park")
    with pytest.raises(SourceRefusedError, match=r"not NVIDIA's.*pip uninstall jetson-utils"):
        find_jetson_module()


def test_a_module_without_video_is_refused(install) -> None:
    install("def cat(path): return open(path).read()")
    with pytest.raises(SourceRefusedError, match="not NVIDIA's"):
        find_jetson_module()


def test_a_module_that_does_not_load_is_refused(install) -> None:
    install("import no_such_cuda_library")
    with pytest.raises(SourceRefusedError, match=r"cannot be loaded.*no_such_cuda_library"):
        find_jetson_module()


def test_frames_come_as_bgr_after_a_missed_one(install) -> None:
    install(BOARD)
    module = find_jetson_module()
    address = parse_address("csi://0?width=1280&height=720")
    capture = jetson_opener(module, address, StreamLimits())()
    wanted = ["--input-width=1280", "--input-height=720", "--input-rate=30"]
    assert module.opened == [("csi://0", wanted)]
    assert capture.grab()
    assert capture.retrieve()[0, 0].tolist() == [30, 20, 10]
    assert capture.position_s() is None
    with pytest.raises(SourceError, match="csi://0: the sensor failed"):
        capture.grab()
    capture.release()
    assert module.opened == []


def test_a_silent_sensor_ends_within_the_read_limit(install) -> None:
    install(BOARD.replace('[None, "picture", RuntimeError]', "[]"))
    opener = jetson_opener(find_jetson_module(), parse_address("csi://0"), StreamLimits(read_s=3))
    assert not opener().grab()


def test_an_absent_sensor(install) -> None:
    install(BOARD)
    opener = jetson_opener(find_jetson_module(), parse_address("csi://1"), StreamLimits())
    with pytest.raises(SourceError, match="csi://1: the sensor is absent or busy"):
        opener()
