"""Providers are tried in order; one that fails is reported once and the next one serves."""

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import onnxruntime
import pytest

from lpr_engine.model.errors import ModelError
from lpr_engine.vision.detector import OnnxDetector
from lpr_engine.vision.runtime import PROVIDERS, Runtime, physical_cores


def offer(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    listed = [PROVIDERS[name] for name in names]
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: listed)


def session_on(name: str) -> SimpleNamespace:
    return SimpleNamespace(get_providers=lambda: [PROVIDERS[name]])


def test_best_provider_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    offer(monkeypatch, "cpu", "openvino", "cuda", "tensorrt")

    assert Runtime().candidates() == ["tensorrt", "cuda", "openvino", "cpu"]
    assert Runtime("openvino").candidates() == ["openvino", "cpu"]
    assert Runtime("cpu").candidates() == ["cpu"]


def test_unknown_provider_is_refused() -> None:
    with pytest.raises(ModelError, match=r"unknown provider 'gpu'; known are auto, tensorrt"):
        Runtime("gpu")


def test_provider_that_this_build_lacks_is_reported_once(
    spotter: Callable[..., Path],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    offer(monkeypatch, "cpu")
    runtime = Runtime("tensorrt", threads=1)

    with caplog.at_level(logging.WARNING):
        OnnxDetector(spotter(), runtime)
        OnnxDetector(spotter(), runtime)

    assert caplog.messages == [
        "Provider tensorrt is not used: this build of ONNX Runtime does not have it"
    ]


def test_provider_that_fails_to_start_gives_way_to_the_next(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer(monkeypatch, "tensorrt", "cuda", "openvino", "cpu")
    asked: list[str] = []

    def opener(providers: Sequence[Any], _options: Any) -> SimpleNamespace:
        first = providers[0] if isinstance(providers[0], str) else providers[0][0]
        asked.append(first)
        if first == PROVIDERS["tensorrt"]:
            raise RuntimeError("libnvinfer.so.10 not found\nmore lines")
        return session_on("cpu" if first == PROVIDERS["cuda"] else "openvino")

    with caplog.at_level(logging.WARNING):
        session = Runtime().open(Path("model.onnx"), opener, lambda opened: opened)

    assert session.get_providers() == [PROVIDERS["openvino"]]
    assert asked == [PROVIDERS[name] for name in ("tensorrt", "cuda", "openvino")]
    assert caplog.messages == [
        "Provider tensorrt is not used: libnvinfer.so.10 not found",
        "Provider cuda is not used: it could not be started",
    ]


def test_tensorrt_engines_are_kept_in_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer(monkeypatch, "tensorrt", "cpu")
    asked: list[Any] = []

    def opener(providers: Sequence[Any], _options: Any) -> SimpleNamespace:
        asked.extend(providers)
        return session_on("tensorrt")

    Runtime(cache_dir=tmp_path).open(Path("model.onnx"), opener, lambda opened: opened)

    name, options = asked[0]
    assert name == PROVIDERS["tensorrt"]
    assert options["trt_engine_cache_path"] == str(tmp_path / "tensorrt")
    assert (tmp_path / "tensorrt").is_dir()


def test_model_that_no_provider_runs_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    offer(monkeypatch, "cpu")

    def opener(_providers: Sequence[Any], _options: Any) -> SimpleNamespace:
        raise RuntimeError("bad graph")

    with pytest.raises(ModelError, match=r"model.onnx: cannot be run: bad graph"):
        Runtime().open(Path("model.onnx"), opener, lambda opened: opened)


def test_threads_are_as_configured_or_the_physical_cores() -> None:
    assert Runtime(threads=3).session_options().intra_op_num_threads == 3
    assert Runtime().session_options().intra_op_num_threads == physical_cores() >= 1
