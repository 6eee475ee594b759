"""Nothing phones home: the libraries that would are told not to."""

import os
import subprocess
import sys
from pathlib import Path

READ_A_PICTURE = """
from lpr_engine.config.sections import ModelsSection
from lpr_engine.vision.opening import open_vision
import numpy
open_vision(ModelsSection(provider="cpu")).look([numpy.zeros((64, 64, 3), numpy.uint8)])
"""
# Either of these keeps ONNX Runtime quiet by itself and would hide a mistake of ours.
QUIETING = {"CI", "ORT_RUNNING_UNIT_TESTS", "ORT_DISABLE_TELEMETRY"}


def run_python(code: str, home: Path) -> None:
    environment = {key: value for key, value in os.environ.items() if key not in QUIETING}
    environment |= {"HOME": str(home), "XDG_CACHE_HOME": str(home / ".cache")}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True, timeout=120)


def test_looking_at_pictures_leaves_no_device_id_behind(tmp_path: Path) -> None:
    run_python(READ_A_PICTURE, tmp_path)
    assert [path for path in tmp_path.rglob("*") if "onnxruntime" in path.name] == []


def test_a_users_wish_for_reports_is_not_heard() -> None:
    code = (
        "import os; os.environ['ORT_DISABLE_TELEMETRY'] = '0'; import lpr_engine;"
        "assert os.environ['ORT_DISABLE_TELEMETRY'] == '1'"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
