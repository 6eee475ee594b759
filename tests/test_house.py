"""The house keeps its plan: floors, ceilings, and nothing for the Supervisor to trip over."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ENGINE = ROOT / "lpr_engine"

FLOORS = {
    "model": 0,
    "config": 1,
    "grammar": 1,
    "sources": 2,
    "vision": 2,
    "tracking": 2,
    "plates": 2,
    "store": 2,
    "mqtt": 2,
    "health": 2,
    "sync": 2,
    "api": 2,
    "pipeline": 3,
    "training": 3,
    "app": 4,
    "cli": 4,
}
ONLY_PORTS = {"pipeline": 1}
BASEMENT_PACKAGES = {"numpy", "lpr_engine", "typing_extensions"}
MAX_FILE_LINES = 300
MAX_FUNCTION_LINES = 50
SUPERVISOR_NAMES = re.compile(r"(config|build|repository)\.(ya?ml|json)")
SUPERVISOR_FILES = {"config.yaml", "repository.json"}


def engine_files() -> list[Path]:
    return sorted(ENGINE.rglob("*.py"))


def room_of(path: Path) -> str | None:
    parts = path.relative_to(ENGINE).parts
    return parts[0] if len(parts) > 1 else None


def imported_modules(path: Path) -> list[str]:
    names = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    return names


def is_below(target: str, room: str) -> bool:
    """The command line is the roof: it may use the app beside it, never the other way round."""
    ceiling = ONLY_PORTS.get(room, FLOORS[room] - 1)
    return FLOORS[target] <= ceiling or (target, room) == ("app", "cli")


def forbidden_imports(room: str, names: list[str]) -> list[str]:
    rooms = [(name, name.split(".")[1]) for name in names if name.startswith("lpr_engine.")]
    return [
        name
        for name, target in rooms
        if target in FLOORS and target != room and not is_below(target, room)
    ]


def tracked_files() -> list[Path]:
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [Path(line) for line in listing.stdout.splitlines()]


def test_every_room_is_on_a_floor() -> None:
    rooms = {path.parent.name for path in ENGINE.glob("*/__init__.py")}
    assert rooms <= set(FLOORS)


@pytest.mark.parametrize("path", engine_files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_room_imports_only_floors_below(path: Path) -> None:
    room = room_of(path)
    names = imported_modules(path)
    if room is None:
        assert not [name for name in names if name.startswith("lpr_engine.")] or (
            path.name == "__main__.py"
        )
        return
    assert forbidden_imports(room, names) == []


def test_floor_plan_test_sees_a_forbidden_import() -> None:
    assert forbidden_imports("store", ["lpr_engine.mqtt.topics"]) == ["lpr_engine.mqtt.topics"]
    assert forbidden_imports("model", ["lpr_engine.config.sections"])
    assert forbidden_imports("pipeline", ["lpr_engine.store.archive"])
    assert forbidden_imports("app", ["lpr_engine.store.archive"]) == []


@pytest.mark.parametrize(
    "path", sorted((ENGINE / "model").glob("*.py")), ids=lambda path: path.name
)
def test_basement_needs_only_the_standard_library(path: Path) -> None:
    import sys

    roots = {name.split(".")[0] for name in imported_modules(path)}
    assert roots <= set(sys.stdlib_module_names) | BASEMENT_PACKAGES


@pytest.mark.parametrize("path", engine_files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_stay_under_their_ceilings(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= MAX_FILE_LINES
    too_long = [
        f"{node.name}: {node.end_lineno - node.lineno + 1}"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > MAX_FUNCTION_LINES
    ]
    assert too_long == []


def test_no_stray_file_for_the_supervisor() -> None:
    stray = [
        str(path)
        for path in tracked_files()
        if SUPERVISOR_NAMES.fullmatch(path.name) and str(path) not in SUPERVISOR_FILES
    ]
    assert stray == []


def test_no_room_for_leftovers() -> None:
    names = {"utils", "helpers", "manager", "misc", "common", "mixin", "mixins"}
    assert [path for path in engine_files() if path.stem in names] == []
