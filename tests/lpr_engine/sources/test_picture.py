import struct
import zlib

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lpr_engine.model.errors import PictureError, SourceError
from lpr_engine.sources.header import header_size
from lpr_engine.sources.picture import decode_picture, picture_files, read_picture

SUFFIXES = [".jpg", ".png", ".bmp", ".webp", ".tif"]
SCENE = cv2.resize(np.arange(48, dtype=np.uint8).reshape(4, 4, 3) * 5, (50, 30))


def encoded(suffix: str, picture=SCENE, parameters=()) -> bytes:
    done, data = cv2.imencode(suffix, picture, list(parameters))
    assert done
    return data.tobytes()


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_kind_is_decoded(tmp_path, suffix) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(encoded(suffix))
    found = read_picture(path)
    assert found.shape == (30, 50, 3)
    assert found.dtype == np.uint8
    assert np.abs(found.astype(int) - SCENE).mean() < 12


@pytest.mark.parametrize("size", [(1, 1), (8192, 4320)], ids=["1x1", "8K"])
@pytest.mark.parametrize("suffix", [".jpg", ".png"])
def test_smallest_and_largest_pictures(suffix, size) -> None:
    picture = np.full((size[1], size[0], 3), 90, np.uint8)
    assert decode_picture(encoded(suffix, picture)).shape == picture.shape


@pytest.mark.parametrize(
    "picture",
    [
        SCENE[:, :, 0],
        np.dstack([SCENE, SCENE[:, :, 0]]),
        SCENE.astype(np.uint16) * 257,
        SCENE[:, :, 0].astype(np.uint16) * 257,
    ],
    ids=["grey", "bgra", "bgr16", "grey16"],
)
def test_other_depths_and_channels_are_converted(picture) -> None:
    found = decode_picture(encoded(".png", picture))
    assert found.shape == (30, 50, 3)
    assert found.dtype == np.uint8
    assert found[:, :, 0].tolist() == SCENE[:, :, 0].tolist()


def with_exif_orientation(jpeg: bytes, orientation: int) -> bytes:
    entry = struct.pack(">HHIHH", 0x0112, 3, 1, orientation, 0)
    tiff = b"MM\0*" + struct.pack(">IH", 8, 1) + entry + bytes(4)
    body = b"Exif\0\0" + tiff
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + jpeg[2:]


@pytest.mark.parametrize(("orientation", "turn"), [(3, 2), (6, 3), (8, 1)])
def test_exif_orientation_is_followed(orientation, turn) -> None:
    jpeg = encoded(".jpg")
    upright = decode_picture(with_exif_orientation(jpeg, orientation))
    assert (upright == np.rot90(decode_picture(jpeg), turn)).all()


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("kept", [0.0, 0.02, 0.5, 0.98])
def test_a_cut_off_picture_is_refused_by_name(tmp_path, suffix, kept) -> None:
    data = encoded(suffix, np.random.default_rng(0).integers(0, 255, (64, 80, 3), np.uint8))
    path = tmp_path / f"half{suffix}"
    path.write_bytes(data[: int(len(data) * kept)])
    with pytest.raises(PictureError, match=f"half{suffix}"):
        read_picture(path)


def test_a_missing_picture_is_refused_by_name(tmp_path) -> None:
    with pytest.raises(PictureError, match=r"gone\.jpg: No such file"):
        read_picture(tmp_path / "gone.jpg")


def test_a_folder_is_no_picture(tmp_path) -> None:
    with pytest.raises(PictureError, match="directory"):
        read_picture(tmp_path)


def bomb(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    start = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"")
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", start) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


def test_a_decompression_bomb_is_refused_by_its_header() -> None:
    with pytest.raises(PictureError, match="30000x30000 is over the limit of 200 megapixels"):
        decode_picture(bomb(30_000, 30_000))


def test_a_lying_header_is_refused() -> None:
    with pytest.raises(PictureError, match="damaged"):
        decode_picture(bomb(100, 100))


@pytest.mark.parametrize(
    ("suffix", "parameters"),
    [(suffix, ()) for suffix in SUFFIXES]
    + [(".webp", (cv2.IMWRITE_WEBP_QUALITY, 101)), (".webp", (cv2.IMWRITE_WEBP_QUALITY, 50))]
    + [(".jpg", (cv2.IMWRITE_JPEG_PROGRESSIVE, 1))],
)
@pytest.mark.parametrize("size", [(1, 1), (17, 300), (5000, 3)])
def test_header_size(suffix, parameters, size) -> None:
    picture = np.zeros((size[1], size[0], 3), np.uint8)
    assert header_size(encoded(suffix, picture, parameters)) == size


def test_header_size_of_an_extended_webp() -> None:
    picture = np.zeros((40, 300, 4), np.uint8)
    picture[::2, ::2] = 77
    data = encoded(".webp", picture, (cv2.IMWRITE_WEBP_QUALITY, 80))
    assert data[12:16] == b"VP8X"
    assert header_size(data) == (300, 40)


MAGICS = [b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8", b"BM", b"RIFFxxxxWEBP", b"II*\0", b"MM\0*"]


@given(st.sampled_from(MAGICS), st.binary(max_size=400))
def test_garbage_gives_a_size_or_a_picture_error(magic, data) -> None:
    try:
        width, height = header_size(magic + data)
    except PictureError:
        return
    assert width >= 0
    assert height >= 0


@settings(deadline=None)
@given(st.integers(0, 4000), st.binary(min_size=1, max_size=8), st.sampled_from(SUFFIXES))
def test_damage_gives_a_picture_or_a_picture_error(at, noise, suffix) -> None:
    data = bytearray(encoded(suffix))
    at %= len(data)
    data[at : at + len(noise)] = noise
    try:
        width, height = header_size(bytes(data))
        if width * height > 1_000_000:
            return  # the limit is tested above; decoding such a size only takes long
        found = decode_picture(bytes(data))
    except PictureError:
        return
    assert found.ndim == 3


def test_picture_files_are_in_natural_order_and_nothing_else(tmp_path) -> None:
    for name in ["b10.jpg", "b9.JPG", "a.png", ".hidden.jpg", "notes.txt", "10.webp", "9.webp"]:
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "folder.jpg").mkdir()
    names = [path.name for path in picture_files(tmp_path)]
    assert names == ["a.png", "b9.JPG", "b10.jpg", "9.webp", "10.webp"]


def test_pictures_of_a_missing_folder(tmp_path) -> None:
    with pytest.raises(SourceError, match="nowhere"):
        picture_files(tmp_path / "nowhere")
