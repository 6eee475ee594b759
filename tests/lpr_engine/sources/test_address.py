import pytest
from hypothesis import given
from hypothesis import strategies as st

from lpr_engine.model.errors import SourceRefusedError
from lpr_engine.sources.address import Address, AddressKind, mask_credentials, parse_address


@pytest.mark.parametrize(
    ("url", "masked"),
    [
        ("rtsp://cam/stream", "rtsp://cam/stream"),
        ("rtsp://user:hunter2@cam:554/h264?x=1", "rtsp://***@cam:554/h264?x=1"),
        ("rtsp://user:p@ss/w?o#rd@cam/live", "rtsp://***@cam/live"),
        ("http://cam/video?user=admin&password=hunter2&res=hd", "http://cam/video?user=***&password=***&res=hd"),
        ("http://cam/v?access_token=abc.def;n=1", "http://cam/v?access_token=***;n=1"),
        ("http://cam/v?api-key=abc#top", "http://cam/v?api-key=***#top"),
        ("rtsp://cam/user=admin_password=hu_nter2_channel=1_stream=0.sdp", "rtsp://cam/user=***_channel=1_stream=0.sdp"),
        ("/srv/clips/gate.mp4", "/srv/clips/gate.mp4"),
    ],
)  # fmt: skip
def test_mask_credentials(url, masked) -> None:
    assert mask_credentials(url) == masked


SECRET = st.text(min_size=6, alphabet=st.characters(exclude_categories=["Cs"])).map("S3CR".__add__)


@given(SECRET)
def test_no_password_however_strange_survives_masking(secret) -> None:
    assert secret not in mask_credentials(f"rtsp://user:{secret}@cam/live")


@given(
    st.text(min_size=4, alphabet="abcXYZ0189._~+%-"),
    st.sampled_from(["token", "PASSWORD", "pwd", "auth_key"]),
)
def test_no_secret_parameter_survives_masking(secret, name) -> None:
    masked = mask_credentials(f"http://cam/live?{name}={secret}&n=1")
    assert masked == f"http://cam/live?{name}=***&n=1"


@pytest.mark.parametrize(
    ("source", "kind", "target"),
    [
        ("rtsp://u:p@cam/1", AddressKind.STREAM, "rtsp://u:p@cam/1"),
        ("RTSPS://cam/1", AddressKind.STREAM, "RTSPS://cam/1"),
        (" http://cam/mjpg ", AddressKind.STREAM, "http://cam/mjpg"),
        ("https://cam/mjpg", AddressKind.STREAM, "https://cam/mjpg"),
        ("0", AddressKind.V4L2, "/dev/video0"),
        ("/dev/video2", AddressKind.V4L2, "/dev/video2"),
        ("v4l2:///dev/video1", AddressKind.V4L2, "/dev/video1"),
        ("v4l2:///dev/v4l/by-id/cam_1:2", AddressKind.V4L2, "/dev/v4l/by-id/cam_1:2"),
        ("csi://1", AddressKind.CSI, "1"),
        ("clip.mp4", AddressKind.CLIP, "clip.mp4"),
        ("file:///srv/my%20clip.mkv", AddressKind.CLIP, "/srv/my clip.mkv"),
        ("/srv/a.JPG", AddressKind.PICTURE, "/srv/a.JPG"),
    ],
)  # fmt: skip
def test_address_kinds(source, kind, target) -> None:
    assert parse_address(source) == Address(kind, target)


def test_an_existing_folder_is_a_folder_of_pictures(tmp_path) -> None:
    folder = tmp_path / "looks-like.jpg"
    folder.mkdir()
    assert parse_address(str(folder)).kind is AddressKind.FOLDER


def test_device_options() -> None:
    address = parse_address("v4l2:///dev/video0?width=1920&height=1080&fps=30")
    assert address.options == (("width", 1920), ("height", 1080), ("fps", 30))


@pytest.mark.parametrize(
    "source",
    ["ftp://user:hunter2@cam/x", "gopher://cam", "v4l2://", "v4l2:///etc/passwd", "csi://", "csi://12",
     "csi://a", "", "  ", "a\0b", "v4l2:///dev/video0?width=-1", "csi://0?flip=2"],
)  # fmt: skip
def test_what_can_never_work_is_refused_without_telling_secrets(source) -> None:
    with pytest.raises(SourceRefusedError) as caught:
        parse_address(source)
    assert "hunter2" not in str(caught.value)


def test_an_unknown_scheme_is_told_what_is_supported() -> None:
    with pytest.raises(SourceRefusedError, match=r"'ftp'.*supported are rtsp://.*csi://0.*folder"):
        parse_address("ftp://cam/x")
