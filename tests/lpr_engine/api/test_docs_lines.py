"""The lines that docs/api.md shows for a shell, run one after the other against a whole engine."""

from __future__ import annotations

import logging
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import pytest

from lpr_engine.app.engine import Engine
from lpr_engine.app.sample import SAMPLE_CLIP
from lpr_engine.config.desk import ConfigurationSource
from lpr_engine.config.loading import load_configuration
from lpr_engine.config.sections import ApiSection
from lpr_engine.model.access import SCOPES_OF_ROLE, Role
from tests.lpr_engine.api.whole_door import cheap_hasher
from tests.lpr_engine.pipeline.scripted import wait_for

PAGE = (Path(__file__).parents[3] / "docs" / "api.md").read_text("utf-8")
TOOLS = ("bash", "curl", "jq", "unzip")
SHOWN_CODE = "7H9H-GWP8-VVJ3"
CONFIGURATION = f"""\
cameras:
  - {{id: street, source: "{SAMPLE_CLIP}", repeat: true}}
retention:
  passages_days: 90
mqtt: {{host: 127.0.0.1, port: 9}}
"""


@pytest.fixture
def engine(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Iterator[Engine]:
    home = tmp_path / "home.yaml"
    home.write_text(CONFIGURATION, encoding="utf-8")
    caplog.set_level(logging.WARNING)
    configuration = replace(load_configuration(home, {}), api=ApiSection(port=0))
    engine = Engine(configuration, source=ConfigurationSource(home, {}))
    with patch("lpr_engine.api.access.passwords.usual_hasher", cheap_hasher):
        engine.start()
    try:
        yield engine
    finally:
        engine.stop()


def lines() -> list[str]:
    """What somebody types, with its continuation; `lpr-engine` has tests of its own."""
    blocks = re.findall(r"^```console\n(.*?)^```", PAGE, re.M | re.S)
    typed = re.findall(r"^\$ ((?:.*\\\n)*.*)$", "".join(blocks), re.M)
    return [line for line in typed if not line.startswith(("lpr-engine", "export LPR_KEY"))]


def test_every_line_works(engine: Engine, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"there is no {missing[0]} here")
    (cars,) = re.findall(r"^```\n(text;label.*?)^```", PAGE, re.M | re.S)
    (tmp_path / "cars.csv").write_text(cars, encoding="utf-8")
    logged = "\n".join(record.getMessage() for record in caplog.get_records("setup"))
    (code,) = re.findall(r"setup code for the first one is (\S+)", logged)
    assert wait_for(lambda: engine._store.search.last_final("street") is not None, 120)
    script = "\n".join(lines()).replace(SHOWN_CODE, code)
    script = script.replace("http://localhost:8099", engine.api_url)
    assert engine.api_url in script

    key = engine.issue_key("docs", SCOPES_OF_ROLE[Role.ADMIN])
    done = subprocess.run(
        ["bash", "-e", "-c", f'curl() {{ command curl -sS --fail "$@"; }}\nset -x\n{script}'],
        cwd=tmp_path,
        env={**os.environ, "LPR_KEY": key},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.returncode == 0, done.stderr[-3000:]
    assert '"written":true' in done.stdout
    for file in ("crop.jpg", "now.jpg", "passages.zip", "vehicles.csv", "corrections/labels.csv"):
        assert (tmp_path / file).stat().st_size > 50, file
