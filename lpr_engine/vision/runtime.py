"""ONNX Runtime: which provider runs a model, and on how many threads."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import onnxruntime
import psutil
from onnxruntime.capi import onnxruntime_pybind11_state as states

from lpr_engine.model.errors import ModelError

_LOGGER = logging.getLogger(__name__)

Provider: TypeAlias = str | tuple[str, dict[str, str]]
Opened = TypeVar("Opened")

PROVIDERS = {
    "tensorrt": "TensorrtExecutionProvider",
    "cuda": "CUDAExecutionProvider",
    "coreml": "CoreMLExecutionProvider",
    "openvino": "OpenVINOExecutionProvider",
    "cpu": "CPUExecutionProvider",
}
"""The names that a configuration uses, best first."""

RUNTIME_ERRORS: tuple[type[Exception], ...] = (
    states.EPFail,
    states.EngineError,
    states.Fail,
    states.InvalidArgument,
    states.InvalidGraph,
    states.InvalidProtobuf,
    states.ModelLoaded,
    states.NoModel,
    states.NoSuchFile,
    states.NotImplemented,
    states.RuntimeException,
    RuntimeError,
    ValueError,
)
"""What ONNX Runtime raises when it cannot open or run a model; they share no base of their own."""


class Runtime:
    """Opens models on the best provider that works; one instance serves all models of an engine."""

    def __init__(
        self, provider: str = "auto", threads: int = 0, cache_dir: Path | None = None
    ) -> None:
        """`threads` 0 means one for each physical core this process may use.

        Raises:
            ModelError: `provider` is no known name.
        """
        if provider != "auto" and provider not in PROVIDERS:
            known = ", ".join(["auto", *PROVIDERS])
            raise ModelError(f"unknown provider {provider!r}; known are {known}")
        self._provider = provider
        self._threads = threads
        self._cache_dir = cache_dir
        self._reported: set[str] = set()

    @property
    def threads(self) -> int:
        """How many threads one inference uses."""
        return self._threads or physical_cores()

    def session_options(self) -> Any:
        """Options for a new session, threads and log level set."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self.threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # Threads that spin between two pictures cost more than they save beside decoders.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        return options

    def candidates(self) -> list[str]:
        """Names of the providers to try, in order; the CPU is always the last."""
        available = set(onnxruntime.get_available_providers())
        wanted = list(PROVIDERS) if self._provider == "auto" else [self._provider, "cpu"]
        usable = [name for name in wanted if PROVIDERS[name] in available]
        if self._provider not in ("auto", *usable):
            self._report(self._provider, "this build of ONNX Runtime does not have it")
        return list(dict.fromkeys(usable))

    def open(
        self,
        path: Path,
        opener: Callable[[Sequence[Provider], Any], Opened],
        session_of: Callable[[Opened], Any],
    ) -> Opened:
        """Open a model by `opener(providers, session options)`, on the first provider that works.

        `opener` should also run the model once, so that a provider that fails only then is left.

        Raises:
            ModelError: no provider could open or run the model.
        """
        problem: Exception | None = None
        for name in self.candidates():
            try:
                opened = opener(self._providers(name), self.session_options())
            except RUNTIME_ERRORS as err:
                problem = err
                if name != "cpu":
                    self._report(name, _first_line(err))
                continue
            if session_of(opened).get_providers()[0] == PROVIDERS[name]:
                _LOGGER.info("%s runs on %s", path.name, name)
                return opened
            self._report(name, "it could not be started")
        raise ModelError(f"{path}: cannot be run: {_first_line(problem)}") from problem

    def _providers(self, name: str) -> list[Provider]:
        cpu = PROVIDERS["cpu"]
        if name == "cpu":
            return [cpu]
        if name == "tensorrt":
            return [(PROVIDERS[name], self._tensorrt_options()), PROVIDERS["cuda"], cpu]
        return [PROVIDERS[name], cpu]

    def _tensorrt_options(self) -> dict[str, str]:
        """Engines take minutes to build, so they are kept where there is a folder for them."""
        options = {"trt_fp16_enable": "1"}
        if self._cache_dir is not None:
            folder = self._cache_dir / "tensorrt"
            folder.mkdir(parents=True, exist_ok=True)
            options |= {"trt_engine_cache_enable": "1", "trt_engine_cache_path": str(folder)}
        return options

    def _report(self, name: str, reason: str) -> None:
        if name not in self._reported:
            self._reported.add(name)
            _LOGGER.warning("Provider %s is not used: %s", name, reason)


def open_session(path: Path, runtime: Runtime, trial: Callable[[Any], None]) -> Any:
    """An `onnxruntime.InferenceSession` on which `trial` has succeeded.

    Raises:
        ModelError: no provider could open the model or pass the trial.
    """

    def opener(providers: Sequence[Provider], options: Any) -> Any:
        session = onnxruntime.InferenceSession(
            str(path), sess_options=options, providers=list(providers)
        )
        trial(session)
        return session

    return runtime.open(path, opener, lambda session: session)


def physical_cores() -> int:
    """Cores this process may use; hyper-threads of one core count once."""
    affinity = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None
    cores = psutil.cpu_count(logical=False) or psutil.cpu_count() or 1
    return min(cores, affinity) if affinity else cores


def _first_line(err: Exception | None) -> str:
    lines = str(err).strip().splitlines() if err is not None else []
    return lines[0] if lines else "no provider is available"
