"""What a picture file says of itself before it is decoded: its size, and whether it is whole."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator

from lpr_engine.model.errors import PictureError

_START_OF_FRAME = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_STANDALONE = frozenset({0x01, *range(0xD0, 0xD9)})
_START_OF_SCAN = 0xDA
_TIFF_WIDTH, _TIFF_HEIGHT = 256, 257
_TIFF_TYPES = {3: "H", 4: "I"}


def header_size(data: bytes) -> tuple[int, int]:
    """(width, height) that the header of a BMP, JPEG, PNG, TIFF or WebP file promises.

    Raises:
        PictureError: the data is none of these, or ends within its header or its picture.
    """
    for magic, read_size in _READERS:
        if data.startswith(magic):
            try:
                return read_size(data)
            except (struct.error, IndexError) as err:
                raise PictureError("the file ends within its header") from err
    raise PictureError("the file is no BMP, JPEG, PNG, TIFF or WebP picture")


def _png_size(data: bytes) -> tuple[int, int]:
    if data.rfind(b"IEND") < 0:
        raise PictureError("the PNG picture is cut off")
    width, height = struct.unpack_from(">II", data, 16)
    return width, height


def _jpeg_segments(data: bytes) -> Iterator[tuple[int, int]]:
    """Marker and position of each segment's length field, up to the first scan (ITU T.81, B.1)."""
    position = 2
    while True:
        if data[position] != 0xFF:
            raise PictureError("the JPEG header is damaged")
        marker = data[position + 1]
        if marker == 0xFF:
            position += 1
        elif marker in _STANDALONE:
            position += 2
        else:
            yield marker, position + 2
            position += 2 + struct.unpack_from(">H", data, position + 2)[0]


def _jpeg_size(data: bytes) -> tuple[int, int]:
    size = None
    for marker, position in _jpeg_segments(data):
        if marker in _START_OF_FRAME:
            height, width = struct.unpack_from(">HH", data, position + 3)
            size = width, height
        if marker == _START_OF_SCAN:
            # Within a scan 0xFF is always followed by zero, so this is the end mark itself.
            if data.find(b"\xff\xd9", position) < 0:
                raise PictureError("the JPEG picture is cut off")
            break
    if size is None:
        raise PictureError("the JPEG picture names no size")
    return size


def _bmp_size(data: bytes) -> tuple[int, int]:
    if struct.unpack_from("<I", data, 14)[0] == 12:
        width, height = struct.unpack_from("<HH", data, 18)
    else:
        width, height = struct.unpack_from("<ii", data, 18)
    return abs(width), abs(height)


def _webp_size(data: bytes) -> tuple[int, int]:
    """RFC 9649: a VP8X canvas, a lossless stream's 14-bit sizes, or a VP8 key frame's."""
    chunk = data[12:16]
    if data[8:12] != b"WEBP":
        raise PictureError("the file is no BMP, JPEG, PNG, TIFF or WebP picture")
    if chunk == b"VP8X":
        low_w, high_w, low_h, high_h = struct.unpack_from("<HBHB", data, 24)
        return 1 + low_w + (high_w << 16), 1 + low_h + (high_h << 16)
    if chunk == b"VP8L":
        (bits,) = struct.unpack_from("<I", data, 21)
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    width, height = struct.unpack_from("<HH", data, 26)
    return width & 0x3FFF, height & 0x3FFF


def _tiff_size(data: bytes) -> tuple[int, int]:
    """Width and height of the first directory (TIFF 6.0, section 2)."""
    order = "<" if data[:2] == b"II" else ">"
    (directory,) = struct.unpack_from(order + "I", data, 4)
    (count,) = struct.unpack_from(order + "H", data, directory)
    values: dict[int, int] = {}
    for index in range(count):
        entry = directory + 2 + 12 * index
        tag, kind = struct.unpack_from(order + "HH", data, entry)
        if tag in {_TIFF_WIDTH, _TIFF_HEIGHT} and kind in _TIFF_TYPES:
            (values[tag],) = struct.unpack_from(order + _TIFF_TYPES[kind], data, entry + 8)
    if len(values) < 2:
        raise PictureError("the TIFF picture names no size")
    return values[_TIFF_WIDTH], values[_TIFF_HEIGHT]


_READERS: tuple[tuple[bytes, Callable[[bytes], tuple[int, int]]], ...] = (
    (b"\x89PNG\r\n\x1a\n", _png_size),
    (b"\xff\xd8", _jpeg_size),
    (b"BM", _bmp_size),
    (b"RIFF", _webp_size),
    (b"II*\0", _tiff_size),
    (b"MM\0*", _tiff_size),
)
