import sys
import textwrap
from pathlib import Path

import psutil
import pytest

from lpr_engine.health.host import HostProbe, free_mb


def test_every_machine_tells_processor_memory_and_disk(tmp_path) -> None:
    figures = HostProbe(tmp_path, sys_root=tmp_path).measure()
    assert 0 <= figures.cpu_percent <= 100
    assert 0 < figures.memory_percent <= 100
    rss_mb = psutil.Process().memory_info().rss / 1024**2
    assert figures.process_memory_mb == pytest.approx(rss_mb, rel=0.2)
    assert figures.disk_free_mb == pytest.approx(
        psutil.disk_usage(str(tmp_path)).free / 1024**2, rel=0.1
    )
    assert (figures.temperature_c, figures.gpu_percent, figures.power_w) == (None, None, None)


def test_sensors_of_a_jetson_are_found(tmp_path) -> None:
    for name, text in {
        "class/thermal/thermal_zone0/type": "tj-thermal",
        "class/thermal/thermal_zone0/temp": "61500",
        "devices/platform/gpu.0/load": "873",
        "bus/i2c/drivers/ina3221/1-0040/hwmon/hwmon1/in1_label": "VDD_IN",
        "bus/i2c/drivers/ina3221/1-0040/hwmon/hwmon1/in1_input": "5072",
        "bus/i2c/drivers/ina3221/1-0040/hwmon/hwmon1/curr1_input": "2000",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    figures = HostProbe(tmp_path, sys_root=tmp_path).measure()
    assert figures.temperature_c == 61.5
    assert figures.gpu_percent == 87.3
    assert figures.power_w == pytest.approx(10.144)


def test_disk_of_a_folder_that_does_not_exist_yet(tmp_path) -> None:
    assert free_mb(tmp_path / "not" / "yet") == pytest.approx(free_mb(tmp_path), rel=0.1)
    assert free_mb(Path("not-yet-here")) > 0


FAR_END = """
    class JtopException(Exception):
        pass

    class jtop:
        fails = False

        def start(self):
            {start}

        def close(self):
            pass

        temperature = {{
            "cpu": {{"temp": 50.5, "online": True}},
            "gpu": {{"temp": -256, "online": False}},
        }}
        gpu = {{"gpu": {{"status": {{"load": 42.0}}}}}}

        @property
        def power(self):
            {power}
"""


@pytest.fixture
def jtop_service(tmp_path, monkeypatch):
    """Stands in for NVIDIA hardware's statistics service, which only a Jetson has."""

    def install(start: str = "pass", power: str = "return {'tot': {'power': 7250}}") -> None:
        code = textwrap.dedent(FAR_END).format(start=start, power=power)
        (tmp_path / "jtop.py").write_text(code)
        monkeypatch.syspath_prepend(tmp_path)

    yield install
    sys.modules.pop("jtop", None)


def test_jtop_fills_what_the_files_do_not_tell(tmp_path, jtop_service) -> None:
    jtop_service()
    figures = HostProbe(tmp_path, sys_root=tmp_path).measure()
    assert (figures.temperature_c, figures.gpu_percent, figures.power_w) == (50.5, 42.0, 7.25)


@pytest.mark.parametrize(
    "broken",
    [
        {"start": "raise JtopException('service 4.2 does not match client 4.3')"},
        {"start": "raise ConnectionRefusedError"},
        {"power": "raise JtopException('gone')"},
        {"power": "return None"},
    ],
)
def test_broken_jtop_never_stops_the_probe(tmp_path, jtop_service, broken) -> None:
    jtop_service(**broken)
    probe = HostProbe(tmp_path, sys_root=tmp_path)
    for _ in range(2):
        figures = probe.measure()
        assert (figures.temperature_c, figures.power_w) == (None, None)
        assert figures.disk_free_mb > 0
    probe.close()
