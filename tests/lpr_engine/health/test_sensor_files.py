from pathlib import Path

import pytest

from lpr_engine.health.sensor_files import gpu_percent, power_w, read_number, temperature_c


def write(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def zones(*pairs: tuple[str, str]) -> dict[str, str]:
    files = {}
    for number, (name, value) in enumerate(pairs):
        files[f"class/thermal/thermal_zone{number}/type"] = name + "\n"
        files[f"class/thermal/thermal_zone{number}/temp"] = value + "\n"
    return files


NANO = zones(
    ("AO-therm", "44000"),
    ("CPU-therm", "36500"),
    ("GPU-therm", "35000"),
    ("PLL-therm", "34000"),
    ("PMIC-Die", "100000"),
    ("thermal-fan-est", "36750"),
)
ORIN = zones(("cpu-thermal", "48906"), ("gpu-thermal", "46000"), ("tj-thermal", "49125"))


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (NANO, 36.5),
        (ORIN, 49.125),
        (zones(("acpitz", "27800"), ("x86_pkg_temp", "51000"), ("iwlwifi_1", "60000")), 51.0),
        (zones(("board-sensor", "31000")), 31.0),
        (zones(("cpu-thermal", "")), None),
        (zones(("cpu-thermal", "nan"), ("gpu-thermal", "hot")), None),
        (zones(("cpu-thermal", "-256000"), ("gpu-thermal", "41000")), 41.0),
        (zones(("PMIC-Die", "100000")), None),
        ({}, None),
    ],
)
def test_temperature_is_the_hottest_believable_processor_zone(tmp_path, files, expected) -> None:
    assert temperature_c(write(tmp_path, files)) == expected


@pytest.mark.parametrize("name", ["devices/gpu.0/load", "devices/platform/gpu.0/load"])
def test_gpu_load_is_in_tenths_of_a_percent(tmp_path, name) -> None:
    assert gpu_percent(write(tmp_path, {name: "354\n"})) == 35.4


def test_no_gpu_file_is_no_gpu_figure(tmp_path) -> None:
    assert gpu_percent(tmp_path) is None


INA = "bus/i2c/drivers/ina3221/1-0040/hwmon/hwmon3/"


def test_power_is_the_input_rail_when_it_is_labelled(tmp_path) -> None:
    files = {
        INA + "in1_label": "VDD_IN",
        INA + "in1_input": "5000",
        INA + "curr1_input": "1200",
        INA + "in2_label": "VDD_CPU_GPU_CV",
        INA + "in2_input": "5000",
        INA + "curr2_input": "400",
    }
    assert power_w(write(tmp_path, files)) == pytest.approx(6.0)


def test_power_is_the_sum_of_rails_without_an_input_rail(tmp_path) -> None:
    files = {
        INA + "in1_label": "VDD_GPU_SOC",
        INA + "in1_input": "5000",
        INA + "curr1_input": "1000",
        INA + "in2_input": "5000",
        INA + "curr2_input": "400",
        INA + "in3_input": "5000",
    }
    assert power_w(write(tmp_path, files)) == pytest.approx(7.0)


def test_no_power_chip_is_no_power_figure(tmp_path) -> None:
    assert power_w(tmp_path) is None


def test_unreadable_sensor_files_tell_nothing(tmp_path) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    assert read_number(tmp_path / "binary") is None
    assert read_number(tmp_path) is None
