"""Downloads against a real HTTP server that is kind, wrong, slow or rude."""

import hashlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from lpr_engine.model.errors import ModelDownloadError
from lpr_engine.vision.catalogue import CATALOGUE_NAME, ModelKind
from lpr_engine.vision.download import Patience, Wanted, fetch
from lpr_engine.vision.registry import ModelRegistry, ModelState

CONTENT = bytes(range(256)) * 2000
HASTY = Patience(silence_s=0.3, total_s=10, attempts=3, pause_s=0.01)


@dataclass
class Hub:
    """What the server shall do, and what it was asked."""

    url: str = ""
    behaviour: str = "good"
    ranges: list[str | None] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)


class HubHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    hub: Hub

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""

    def do_GET(self) -> None:
        asked = self.headers.get("Range")
        self.hub.ranges.append(asked)
        first = len(self.hub.ranges) == 1
        behaviour = self.hub.behaviour
        if behaviour == "redirect" and self.path == "/model.onnx":
            self.answer(302, b"", {"Location": "/moved.onnx"})
        elif behaviour == "file redirect":
            self.answer(302, b"", {"Location": "file:///etc/hostname"})
        elif behaviour == "404":
            self.answer(404, b"no such file")
        elif behaviour == "busy at first" and first:
            self.answer(503, b"later")
        elif behaviour == "breaks at first" and first:
            self.announce(200, len(CONTENT))
            self.wfile.write(CONTENT[:100_000])
            self.close_connection = True
        elif behaviour == "hangs":
            self.announce(200, len(CONTENT))
            self.wfile.write(CONTENT[:1000])
            self.wfile.flush()
            self.hub.released.wait(20)
            self.close_connection = True
        elif behaviour == "drips":
            self.announce(200, len(CONTENT))
            self.drip()
        elif behaviour == "refuses ranges":
            self.answer(416 if asked else 200, CONTENT)
        elif behaviour == "ignores ranges" or asked is None:
            self.answer(200, self.content())
        else:
            start = int(asked.removeprefix("bytes=").rstrip("-"))
            self.answer(206, self.content()[start:])

    def content(self) -> bytes:
        return {
            "wrong": CONTENT[::-1],
            "truncated": CONTENT[:-1],
            "too long": CONTENT + b"more",
        }.get(self.hub.behaviour, CONTENT)

    def drip(self) -> None:
        for byte in CONTENT:
            if self.hub.released.wait(0.05):
                break
            self.wfile.write(bytes([byte]))
            self.wfile.flush()
        self.close_connection = True

    def announce(self, status: int, length: int, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(length))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()

    def answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.announce(status, len(body), headers)
        self.wfile.write(body)


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    hub = Hub()
    handler = type("Handler", (HubHandler,), {"hub": hub})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        hub.url = f"http://127.0.0.1:{server.server_port}/model.onnx"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield hub
        hub.released.set()
        server.shutdown()
        thread.join()


@pytest.fixture
def wanted(hub: Hub) -> Wanted:
    return Wanted(hub.url, hashlib.sha256(CONTENT).hexdigest(), len(CONTENT))


def test_good_file_arrives_whole(wanted: Wanted, tmp_path: Path) -> None:
    target = tmp_path / "cache" / "model.onnx"
    steps: list[tuple[int, int]] = []

    assert fetch(wanted, target, progress=lambda *step: steps.append(step)) == target

    assert target.read_bytes() == CONTENT
    assert [path.name for path in target.parent.iterdir()] == ["model.onnx"]
    assert steps[-1] == (len(CONTENT), len(CONTENT))
    assert steps == sorted(steps)


@pytest.mark.parametrize("behaviour", ["busy at first", "redirect", "ignores ranges"])
def test_hindrances_are_overcome(behaviour: str, hub: Hub, wanted: Wanted, tmp_path: Path) -> None:
    hub.behaviour = behaviour

    fetch(wanted, tmp_path / "model.onnx", patience=HASTY)

    assert (tmp_path / "model.onnx").read_bytes() == CONTENT


def test_broken_download_goes_on_where_it_was(hub: Hub, wanted: Wanted, tmp_path: Path) -> None:
    hub.behaviour = "breaks at first"

    fetch(wanted, tmp_path / "model.onnx", patience=HASTY)

    assert (tmp_path / "model.onnx").read_bytes() == CONTENT
    assert hub.ranges == [None, "bytes=100000-"]


def test_part_of_an_earlier_run_is_used(hub: Hub, wanted: Wanted, tmp_path: Path) -> None:
    (tmp_path / "model.onnx.part").write_bytes(CONTENT[:5000])

    fetch(wanted, tmp_path / "model.onnx", patience=HASTY)

    assert (tmp_path / "model.onnx").read_bytes() == CONTENT
    assert hub.ranges == ["bytes=5000-"]


@pytest.mark.parametrize("behaviour", ["ignores ranges", "refuses ranges"])
def test_server_without_ranges_sends_all_again(
    behaviour: str, hub: Hub, wanted: Wanted, tmp_path: Path
) -> None:
    hub.behaviour = behaviour
    (tmp_path / "model.onnx.part").write_bytes(CONTENT[:5000])

    fetch(wanted, tmp_path / "model.onnx", patience=HASTY)

    assert (tmp_path / "model.onnx").read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("behaviour", "message"),
    [
        ("wrong", "has the checksum .*, expected"),
        ("404", "answered 404"),
        ("truncated", "could not be downloaded"),
        ("too long", "larger than the 512000 bytes"),
        ("hangs", "timed out"),
        ("file redirect", "could not be downloaded"),
    ],
)
def test_failed_download_leaves_what_was_there(
    behaviour: str, message: str, hub: Hub, wanted: Wanted, tmp_path: Path
) -> None:
    hub.behaviour = behaviour
    target = tmp_path / "model.onnx"
    target.write_bytes(b"the old model")

    with pytest.raises(ModelDownloadError, match=message):
        fetch(wanted, target, patience=HASTY)

    assert target.read_bytes() == b"the old model"


def test_missing_file_is_asked_for_once(hub: Hub, wanted: Wanted, tmp_path: Path) -> None:
    hub.behaviour = "404"

    with pytest.raises(ModelDownloadError):
        fetch(wanted, tmp_path / "model.onnx", patience=HASTY)

    assert len(hub.ranges) == 1


def test_wrong_part_does_not_poison_the_next_try(hub: Hub, wanted: Wanted, tmp_path: Path) -> None:
    target = tmp_path / "model.onnx"
    (tmp_path / "model.onnx.part").write_bytes(b"x" * 5000)
    with pytest.raises(ModelDownloadError, match="checksum"):
        fetch(wanted, target, patience=HASTY)

    fetch(wanted, target, patience=HASTY)

    assert target.read_bytes() == CONTENT


def test_dripping_server_meets_the_deadline(hub: Hub, wanted: Wanted, tmp_path: Path) -> None:
    hub.behaviour = "drips"

    with pytest.raises(ModelDownloadError, match="took too long"):
        fetch(wanted, tmp_path / "model.onnx", patience=Patience(1, 0.5, 3, 0.01))


def test_nobody_listens(tmp_path: Path) -> None:
    with pytest.raises(ModelDownloadError, match=r"http://127.0.0.1:9/x: .*refused"):
        fetch(Wanted("http://127.0.0.1:9/x", "0" * 64, 5), tmp_path / "x", patience=HASTY)


def test_other_protocols_are_not_spoken(tmp_path: Path) -> None:
    with pytest.raises(ModelDownloadError, match="unknown url type"):
        fetch(Wanted("file:///etc/hostname", "0" * 64, 5), tmp_path / "x", patience=HASTY)


def test_folder_that_cannot_be_made_is_named(wanted: Wanted, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file is in the way")

    with pytest.raises(ModelDownloadError, match=r"model.onnx: cannot be written"):
        fetch(wanted, tmp_path / "cache" / "model.onnx", patience=HASTY)


@pytest.fixture
def hub_registry(hub: Hub, wanted: Wanted, tmp_path: Path) -> Callable[[], ModelRegistry]:
    (tmp_path / CATALOGUE_NAME).write_text(
        "models: [{name: hub, kind: detector, licence: MIT, description: One., origin: there,\n"
        f" files: [{{role: weights, name: model.onnx, url: '{wanted.url}',\n"
        f"  sha256: {wanted.sha256}, size_bytes: {wanted.size_bytes}}}]}}]\n"
    )
    return lambda: ModelRegistry(tmp_path / "cache", tmp_path)


def test_registry_downloads_on_request_and_only_once(
    hub: Hub, hub_registry: Callable[[], ModelRegistry], tmp_path: Path
) -> None:
    registry = hub_registry()
    assert registry.verify("hub") is ModelState.NOT_DOWNLOADED
    assert hub.ranges == []

    paths = registry.download("hub")
    registry.download("hub")

    assert paths.weights.read_bytes() == CONTENT
    assert registry.resolve("hub", ModelKind.DETECTOR) == paths
    assert len(hub.ranges) == 1


def test_registry_replaces_a_damaged_download(
    hub_registry: Callable[[], ModelRegistry],
) -> None:
    registry = hub_registry()
    weights = registry.download("hub").weights
    weights.write_bytes(b"")
    assert registry.verify("hub") is ModelState.CORRUPT

    registry.download("hub")

    assert registry.verify("hub") is ModelState.READY
