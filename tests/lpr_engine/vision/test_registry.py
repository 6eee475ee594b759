"""Models by name and path: bundled, cached, damaged, missing; each told apart."""

from pathlib import Path

import pytest
import yaml

from lpr_engine.model.errors import ModelError
from lpr_engine.vision.catalogue import (
    CATALOGUE_NAME,
    ModelKind,
    read_catalogue,
    write_catalogue,
)
from lpr_engine.vision.model_file import sha256_of
from lpr_engine.vision.registry import (
    BUNDLED_DIRECTORY,
    ModelRegistry,
    ModelState,
    default_cache_dir,
    main,
    update_bundled,
)

HUB_FILE = b"weights from the hub"


@pytest.fixture
def bundled(tmp_path: Path) -> Path:
    """A package's weights folder with one bundled detector and reader and one hub reader."""
    folder = tmp_path / "weights"
    folder.mkdir()
    for name in ("detector.onnx", "reader.onnx", "reader.yaml", "hub.onnx"):
        (folder / name).write_bytes(HUB_FILE if name == "hub.onnx" else name.encode())
    described = {"licence": "MIT", "description": "One.", "origin": "here"}
    entries = [
        {
            "name": name,
            "kind": kind,
            **described,
            "files": [
                {
                    "role": "plate_config" if file.endswith(".yaml") else "weights",
                    "name": file,
                    "sha256": sha256_of(folder / file),
                    "size_bytes": (folder / file).stat().st_size,
                }
                | ({"url": f"http://127.0.0.1:1/{file}"} if name == "hub" else {})
                for file in files
            ],
        }
        for name, kind, files in (
            ("detector", "detector", ["detector.onnx"]),
            ("reader", "reader", ["reader.onnx", "reader.yaml"]),
            ("hub", "detector", ["hub.onnx"]),
        )
    ]
    (folder / "hub.onnx").unlink()
    (folder / CATALOGUE_NAME).write_text(yaml.safe_dump({"models": entries}))
    return folder


@pytest.fixture
def registry(bundled: Path, tmp_path: Path) -> ModelRegistry:
    return ModelRegistry(tmp_path / "cache", bundled)


def test_states_of_all_models(registry: ModelRegistry, bundled: Path, tmp_path: Path) -> None:
    (bundled / "reader.yaml").unlink()

    assert [(entry.name, state) for entry, state in registry.models()] == [
        ("detector", ModelState.READY),
        ("reader", ModelState.MISSING),
        ("hub", ModelState.NOT_DOWNLOADED),
    ]

    (tmp_path / "cache" / "hub").mkdir(parents=True)
    (tmp_path / "cache" / "hub" / "hub.onnx").write_bytes(HUB_FILE)
    assert registry.verify("hub") is ModelState.READY
    (tmp_path / "cache" / "hub" / "hub.onnx").write_bytes(HUB_FILE[::-1])
    assert registry.verify("hub") is ModelState.CORRUPT


def test_names_resolve_to_files(registry: ModelRegistry, bundled: Path) -> None:
    detector = registry.resolve("detector", ModelKind.DETECTOR)
    reader = registry.resolve("reader", ModelKind.READER)

    assert (detector.weights, detector.plate_config) == (bundled / "detector.onnx", None)
    assert (reader.weights, reader.plate_config) == (
        bundled / "reader.onnx",
        bundled / "reader.yaml",
    )


def test_paths_resolve_to_themselves(registry: ModelRegistry, tmp_path: Path) -> None:
    weights, config = tmp_path / "mine.onnx", tmp_path / "mine.yaml"
    weights.write_text("weights")
    config.write_text("config")

    assert registry.resolve(str(weights), ModelKind.DETECTOR).weights == weights
    assert registry.resolve(str(weights), ModelKind.READER).plate_config == config


def test_plate_config_may_be_given(registry: ModelRegistry, tmp_path: Path) -> None:
    weights, config = tmp_path / "mine.onnx", tmp_path / "other.yaml"
    weights.write_text("weights")
    config.write_text("config")

    assert registry.resolve(str(weights), ModelKind.READER, config).plate_config == config
    assert registry.resolve("reader", ModelKind.READER, config).plate_config == config


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (None, "missing; install the package again"),
        (b"", "empty; install the package again"),
        (b"detector.onnX", "damaged .wrong checksum.; install the package again"),
    ],
)
def test_damaged_bundled_model_names_file_and_remedy(
    damage: bytes | None, message: str, registry: ModelRegistry, bundled: Path
) -> None:
    path = bundled / "detector.onnx"
    if damage is None:
        path.unlink()
    else:
        path.write_bytes(damage)

    with pytest.raises(ModelError, match=f"{path}: .*{message}"):
        registry.resolve("detector", ModelKind.DETECTOR)


def test_hub_model_that_is_not_there_says_how_to_get_it(registry: ModelRegistry) -> None:
    with pytest.raises(ModelError, match="missing; download it: lpr-engine models download hub"):
        registry.resolve("hub", ModelKind.DETECTOR)


def test_unknown_name_lists_the_known(registry: ModelRegistry) -> None:
    with pytest.raises(ModelError, match="unknown model 'detektor'; known are detector, reader"):
        registry.resolve("detektor", ModelKind.DETECTOR)


def test_model_of_another_kind_is_refused(registry: ModelRegistry) -> None:
    with pytest.raises(ModelError, match="'reader' is a reader, not a detector"):
        registry.resolve("reader", ModelKind.DETECTOR)


def test_path_without_plate_config_is_refused(registry: ModelRegistry, tmp_path: Path) -> None:
    weights = tmp_path / "mine.onnx"
    weights.write_text("weights")

    with pytest.raises(ModelError, match=r"mine.yaml: .*missing; name it as plate_config"):
        registry.resolve(str(weights), ModelKind.READER)


def test_new_weights_are_written_into_the_catalogue(
    registry: ModelRegistry, bundled: Path, tmp_path: Path
) -> None:
    (bundled / "detector.onnx").write_bytes(b"better weights")
    assert registry.verify("detector") is ModelState.CORRUPT

    assert update_bundled(bundled) == ["detector.onnx"]
    assert update_bundled(bundled) == []

    renewed = ModelRegistry(tmp_path / "cache", bundled)
    assert renewed.verify("detector") is ModelState.READY
    assert renewed.entry("detector").size_bytes == len(b"better weights")
    assert renewed.entry("hub") == registry.entry("hub")


def test_update_refuses_empty_weights(bundled: Path) -> None:
    (bundled / "detector.onnx").write_bytes(b"")

    with pytest.raises(ModelError, match="empty"):
        update_bundled(bundled)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "cannot be read"),
        ("models: [", "malformed"),
        ("", "malformed"),
        ("models: [{name: x}]", "malformed"),
    ],
)
def test_broken_catalogue_is_refused(content: str | None, message: str, tmp_path: Path) -> None:
    path = tmp_path / CATALOGUE_NAME
    if content is not None:
        path.write_text(content)

    with pytest.raises(ModelError, match=f"{path}: .*{message}"):
        ModelRegistry(bundled_dir=tmp_path)


def test_catalogue_that_names_a_model_twice_is_refused(bundled: Path) -> None:
    path = bundled / CATALOGUE_NAME
    entries = read_catalogue(path)
    write_catalogue(path, (*entries, entries[0]))

    with pytest.raises(ModelError, match="names a model twice"):
        read_catalogue(path)


def test_cache_follows_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert default_cache_dir() == tmp_path / "lpr-engine" / "models"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert default_cache_dir() == Path.home() / ".cache" / "lpr-engine" / "models"


def test_models_of_the_package_are_those_of_its_catalogue(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main([]) == 0
    assert "detector: ready" in capsys.readouterr().out


def test_hub_models_have_licence_and_secure_addresses() -> None:
    for entry in read_catalogue(BUNDLED_DIRECTORY / CATALOGUE_NAME):
        assert entry.licence
        assert all(file.url is None or file.url.startswith("https://") for file in entry.files)
