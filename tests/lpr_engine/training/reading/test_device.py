import pytest

pytest.importorskip("torch")

import torch

from lpr_engine.training.reading import ReaderTrainingError
from lpr_engine.training.reading.device import Device, _multiplies_bfloat16, choose_device

pytestmark = pytest.mark.training


@pytest.mark.parametrize(
    ("flags", "fast"),
    [("fpu avx512f avx512_bf16", True), ("fpu amx_bf16 amx_tile", True), ("fpu avx2", False)],
)
def test_bfloat16_is_used_where_the_processor_has_it(tmp_path, flags, fast):
    (tmp_path / "cpuinfo").write_text(f"processor : 0\nflags : {flags}\n")
    assert _multiplies_bfloat16(tmp_path / "cpuinfo") is fast


def test_an_unknown_processor_takes_float32(tmp_path):
    assert _multiplies_bfloat16(tmp_path / "absent") is False


def test_a_gpu_that_is_not_there_is_told(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(ReaderTrainingError, match="finds no GPU"):
        choose_device("cuda")
    assert choose_device("auto").name == "cpu"


@pytest.mark.parametrize(("half", "kind"), [(True, torch.bfloat16), (False, torch.float32)])
def test_pictures_and_layers_take_the_arithmetic(half, kind):
    device = Device("cpu", half)
    pictures = device.pictures(torch.full((2, 8, 16, 3), 7, dtype=torch.uint8))
    assert (pictures.shape, pictures.dtype) == ((2, 3, 8, 16), kind)
    with device.arithmetic():
        assert torch.nn.Conv2d(3, 1, 3)(pictures).dtype == kind
