"""Where a camera's frames come from, told from its configured text, and how to name it safely."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from lpr_engine.model.errors import SourceRefusedError

SUPPORTED = (
    "rtsp://, rtsps://, http://, https://, v4l2:///dev/video0 (or /dev/video0, or 0), csi://0, "
    "file:// or a path to a clip, a picture or a folder of pictures"
)
PICTURE_SUFFIXES = frozenset({".bmp", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"})

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_USER_INFO = re.compile(r"://.*@", re.DOTALL)
_SECRET_PARAMETER = re.compile(
    r"((?:\b|_)[\w-]*(?:user|usr|login|pass|pwd|token|secret|auth|key|sig|session)[\w-]*=)"
    r".*?(?=_(?:channel|stream|subtype)=|[&;#\s\"']|$)",
    re.IGNORECASE | re.DOTALL,
)
_MASK = "***"


class AddressKind(Enum):
    """Which way of reading frames an address calls for."""

    STREAM = "stream"
    V4L2 = "v4l2"
    CSI = "csi"
    CLIP = "clip"
    PICTURE = "picture"
    FOLDER = "folder"


@dataclass(frozen=True, slots=True)
class Address:
    """A parsed source: `target` is a URL, a path, or the number of a CSI sensor.

    `options` are the query parameters of a V4L2 or CSI address, such as `width`.
    """

    kind: AddressKind
    target: str
    options: tuple[tuple[str, int], ...] = ()


def mask_credentials(url: str) -> str:
    """The address without its user, password and token-like parameters, fit for messages.

    Everything between `://` and the last `@` goes, for cameras accept passwords that hold any
    unescaped sign.
    """
    return _SECRET_PARAMETER.sub(rf"\1{_MASK}", _USER_INFO.sub(f"://{_MASK}@", url))


def parse_address(source: str) -> Address:
    """Tell what a configured source is.

    Raises:
        SourceRefusedError: the scheme or one of its options is unknown.
    """
    text = source.strip()
    scheme = _SCHEME.match(text)
    if scheme is None:
        return _parse_path(text)
    name = scheme.group(1).lower()
    if name in {"rtsp", "rtsps", "http", "https"}:
        return Address(AddressKind.STREAM, text)
    if name == "file":
        return _parse_path(unquote(urlsplit(text).path))
    if name in {"v4l2", "csi"}:
        return _parse_device(name, text)
    raise SourceRefusedError(
        f"unknown scheme {name!r} in {mask_credentials(text)}; supported are {SUPPORTED}"
    )


def _parse_path(text: str) -> Address:
    if re.fullmatch(r"[0-9]{1,2}", text):
        return Address(AddressKind.V4L2, f"/dev/video{int(text)}")
    if text.startswith("/dev/video"):
        return Address(AddressKind.V4L2, text)
    if not text or "\0" in text:
        raise SourceRefusedError(f"the source is empty or no path; supported are {SUPPORTED}")
    path = Path(text).expanduser()
    if path.is_dir():
        return Address(AddressKind.FOLDER, str(path))
    is_picture = path.suffix.lower() in PICTURE_SUFFIXES
    return Address(AddressKind.PICTURE if is_picture else AddressKind.CLIP, str(path))


def _parse_device(scheme: str, text: str) -> Address:
    parts = urlsplit(text)
    name = parts.netloc + parts.path
    options = tuple(_parse_option(key, value) for key, value in parse_qsl(parts.query))
    if scheme == "v4l2" and re.fullmatch(r"/dev/[\w/.:-]+", name):
        return Address(AddressKind.V4L2, name, options)
    if scheme == "csi" and re.fullmatch(r"[0-9]", name):
        return Address(AddressKind.CSI, name, options)
    raise SourceRefusedError(f"no such device: {mask_credentials(text)}; supported are {SUPPORTED}")


def _parse_option(key: str, value: str) -> tuple[str, int]:
    known = key in {"width", "height", "fps"}
    if known and value.isascii() and value.isdigit() and 0 < int(value) <= 100_000:
        return key, int(value)
    raise SourceRefusedError(
        f"option {key!r} of a camera device must be width, height or fps, with a positive number"
    )
