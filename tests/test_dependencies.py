"""Every dependency stands in the decision record with its licence and its reason."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
RECORD = ROOT / "docs" / "decisions" / "0002-dependencies.md"
LIST = re.compile(r"^(\w+) = \[(.*?)\]$", re.MULTILINE | re.DOTALL)
NAME = re.compile(r'"([A-Za-z0-9._-]+)')
PARTS = ("dependencies", "dev", "ultralytics", "training")


def declared() -> dict[str, set[str]]:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    project = text.partition("[project]")[2].partition("[project.scripts]")[0]
    groups = text.partition("[dependency-groups]")[2].partition("\n[tool")[0]
    lists = [match for part in (project, groups) for match in LIST.finditer(part)]
    return {match[1]: set(NAME.findall(match[2])) for match in lists}


def recorded() -> dict[str, tuple[str, ...]]:
    lines = RECORD.read_text(encoding="utf-8").splitlines()
    rows = [line.strip("|").split("|") for line in lines if line.startswith("| `")]
    return {row[0].strip(" `"): tuple(cell.strip() for cell in row[1:]) for row in rows}


def test_lists_of_the_project_are_found() -> None:
    lists = declared()
    assert set(PARTS) <= set(lists)
    assert "voluptuous" in lists["dependencies"]
    assert "pytest" in lists["dev"]


@pytest.mark.parametrize("group", PARTS)
def test_every_dependency_is_recorded(group: str) -> None:
    assert declared()[group] - set(recorded()) == set()


def test_no_record_outlives_its_dependency() -> None:
    lists = declared()
    assert set(recorded()) - set().union(*(lists[group] for group in PARTS)) == set()


@pytest.mark.parametrize("name", sorted(recorded()))
def test_record_has_licence_and_reason(name: str) -> None:
    licence, *_, reason = recorded()[name]
    assert re.search(r"MIT|BSD|Apache|GPL|MPL|EPL", licence)
    assert len(reason) > 8
