"""Home Assistant's own schemas accept every discovery payload and drop nothing that matters."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

CONTRACT = Path(__file__).parent.parent / "contract"
KNOWN_TO_OLDER_ONES_ONLY = {"object_id"}

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(1200)]


def test_every_component_of_every_payload_is_accepted_whole(home_root: Path) -> None:
    payloads = {
        path.stem: json.loads(path.read_text(encoding="utf-8"))
        for path in sorted(CONTRACT.glob("discovery_*.json"))
    }
    assert len(payloads) >= 2
    script = home_root / "check_discovery.py"
    script.write_bytes((Path(__file__).parent / "check_discovery.py").read_bytes())
    checked = subprocess.run(
        ["chroot", str(home_root), "/venv/bin/python", f"/{script.name}"],
        input=json.dumps(payloads),
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stderr
    dropped = json.loads(checked.stdout)
    assert set(dropped) == set(payloads)
    lost = {key for components in dropped.values() for keys in components.values() for key in keys}
    assert lost <= KNOWN_TO_OLDER_ONES_ONLY
