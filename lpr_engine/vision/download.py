"""Model files fetched over HTTP: bounded, resumed, checked, and put in place in one step."""

from __future__ import annotations

import http.client
import logging
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from lpr_engine.model.errors import ModelDownloadError
from lpr_engine.vision.model_file import sha256_of

_LOGGER = logging.getLogger(__name__)

_BLOCK_BYTES = 1 << 16
_PERMANENT = frozenset({400, 401, 403, 404, 405, 410, 451})

Progress = Callable[[int, int], None]
"""Called with the bytes that are here and the bytes that there will be."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a download may be silent, how long it may take, and how often it is tried."""

    silence_s: float = 20.0
    total_s: float = 900.0
    attempts: int = 4
    pause_s: float = 1.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file to fetch, and how to know that it is the right one."""

    url: str
    sha256: str
    size_bytes: int


def fetch(
    wanted: Wanted,
    target: Path,
    *,
    patience: Patience | None = None,
    progress: Progress | None = None,
) -> Path:
    """Download a file to `target`, which is there whole and right or not at all.

    What an attempt brought stays beside it as `<name>.part`, and the next attempt goes on there.

    Raises:
        ModelDownloadError: it could not be fetched in time, or what came is another file.
    """
    patience = patience or Patience()
    deadline = time.monotonic() + patience.total_s
    part = target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _complete(wanted, part, patience, deadline, progress)
        _check(wanted, part)
        part.replace(target)
    except OSError as err:
        raise ModelDownloadError(f"{target}: cannot be written: {err.strerror or err}") from err
    return target


def _complete(
    wanted: Wanted, part: Path, patience: Patience, deadline: float, progress: Progress | None
) -> None:
    """Bring the part file to its full size, over as many attempts as there are."""
    problem = "no attempt was made"
    for attempt in range(patience.attempts):
        if attempt:
            time.sleep(min(patience.pause_s * 2 ** (attempt - 1), _left(deadline)))
        try:
            return _attempt(wanted, part, patience, deadline, progress)
        except urllib.error.HTTPError as err:
            err.close()
            problem = f"the server answered {err.code} {err.reason}"
            if err.code in _PERMANENT:
                break
            if err.code == 416:
                part.unlink(missing_ok=True)
        except (urllib.error.URLError, http.client.HTTPException, TimeoutError) as err:
            problem = str(getattr(err, "reason", err)) or type(err).__name__
        except ConnectionError as err:
            problem = err.strerror or type(err).__name__
        if _left(deadline) <= 0:
            break
        _LOGGER.info("Download of %s was interrupted: %s", wanted.url, problem)
    raise ModelDownloadError(f"{wanted.url}: could not be downloaded: {problem}")


def _attempt(
    wanted: Wanted, part: Path, patience: Patience, deadline: float, progress: Progress | None
) -> None:
    have = part.stat().st_size if part.is_file() else 0
    if have >= wanted.size_bytes:
        return
    request = urllib.request.Request(  # noqa: S310 - the opener below speaks HTTP only
        wanted.url, headers={"Range": f"bytes={have}-"} if have else {}
    )
    with _opener().open(request, timeout=min(patience.silence_s, _left(deadline))) as answer:
        resumed = answer.status == 206
        with part.open("ab" if resumed else "wb") as file:
            _copy(answer, file, wanted, deadline, progress)


def _copy(
    answer: Any, file: IO[bytes], wanted: Wanted, deadline: float, progress: Progress | None
) -> None:
    """Append what comes, up to the size that is due.

    Raises:
        TimeoutError: the time for the whole download is over.
        http.client.IncompleteRead: the connection ended too early.
        ModelDownloadError: more came than there should be.
    """
    while block := answer.read1(_BLOCK_BYTES):
        if file.tell() + len(block) > wanted.size_bytes:
            raise ModelDownloadError(
                f"{wanted.url}: is larger than the {wanted.size_bytes} bytes that it should have"
            )
        file.write(block)
        if progress is not None:
            progress(file.tell(), wanted.size_bytes)
        if time.monotonic() > deadline:
            raise TimeoutError("it took too long")
    if file.tell() < wanted.size_bytes:
        raise http.client.IncompleteRead(b"", wanted.size_bytes - file.tell())


def _check(wanted: Wanted, part: Path) -> None:
    found = sha256_of(part)
    if found != wanted.sha256:
        part.unlink()
        raise ModelDownloadError(
            f"{wanted.url}: has the checksum {found}, expected {wanted.sha256}; nothing was kept"
        )


def _opener() -> urllib.request.OpenerDirector:
    """HTTP and HTTPS with redirects and proxies, and nothing else: no file, no FTP."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPRedirectHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.UnknownHandler(),
    ):
        opener.add_handler(handler)
    return opener


def _left(deadline: float) -> float:
    return max(0.0, deadline - time.monotonic())
