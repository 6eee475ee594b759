"""Files to documents: bounded, UTF-8, every mistake with its line."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import yaml

from lpr_engine.config.document import Document
from lpr_engine.config.problems import Place, Problem
from lpr_engine.config.secret import SecretSource
from lpr_engine.config.syntax import compose, json_problem
from lpr_engine.config.tree import TreeBuilder

MAX_BYTES = 1_000_000


def read_document(path: Path, secrets: SecretSource) -> Document:
    """A YAML file, or a JSON one by its suffix, as data with places."""
    text = _read_text(path)
    return (
        _unreadable(path, text) if isinstance(text, Problem) else document_of(text, path, secrets)
    )


def is_json_file(path: Path) -> bool:
    """Whether a file is read as JSON."""
    return path.suffix.lower() == ".json"


def document_of(text: str, path: Path, secrets: SecretSource) -> Document:
    """The text of a file as data with places."""
    is_json = is_json_file(path)
    problem = json_problem(text, str(path)) if is_json else None
    # JSON allows tabs between its tokens and nowhere else; YAML's scanner wants none.
    root = problem or compose(text.replace("\t", " ") if is_json else text, str(path))
    if isinstance(root, Problem):
        return _unreadable(path, root)
    return TreeBuilder(str(path), secrets, is_json=is_json).build(root)


def read_secrets(path: Path) -> tuple[Mapping[str, str], list[Problem]]:
    """The names and texts of a secrets file, and what is wrong with it."""
    text = _read_text(path)
    root = text if isinstance(text, Problem) else compose(text, str(path))
    if isinstance(root, Problem):
        return {}, [root]
    if not isinstance(root, yaml.MappingNode):
        return {}, [Problem(Place(str(path), 1, 1), "", "there are no names", "`name: value`")]
    secrets: dict[str, str] = {}
    problems: list[Problem] = []
    for key, value in root.value:
        mark = key.start_mark
        place = Place(str(path), mark.line + 1, mark.column + 1)
        if not isinstance(key, yaml.ScalarNode) or not isinstance(value, yaml.ScalarNode):
            problems.append(Problem(place, "", "this secret is no single value", "`name: value`"))
        elif key.value in secrets:
            problems.append(Problem(place, "", "this name stands here a second time"))
        else:
            secrets[key.value] = value.value
    return secrets, problems


def _unreadable(path: Path, problem: Problem) -> Document:
    return Document(str(path), problems=[problem], broken={()})


def _read_text(path: Path) -> str | Problem:
    """The whole text, or why there is none; reads no more than the limit from any device."""
    here = Place(str(path))
    try:
        if not path.is_file():
            what = "this is no file" if path.exists() else "there is no such file"
            return Problem(here, "", what, "a YAML file, or JSON with the suffix `.json`")
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except OSError as err:
        return Problem(here, "", f"the file cannot be read: {err.strerror}")
    return decoded(content, here)


def decoded(content: bytes, here: Place) -> str | Problem:
    """A file's content as text, or why it is none."""
    if len(content) > MAX_BYTES:
        return Problem(here, "", "the file is too large", f"at most {MAX_BYTES} bytes")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as err:
        before = content[: err.start]
        line, column = before.count(b"\n") + 1, err.start - before.rfind(b"\n")
        place = Place(here.file, line, column)
        return Problem(place, "", "this is not UTF-8 text", "a text file saved as UTF-8")
    if "\0" in text:
        return Problem(here, "", "this is a binary file", "a text file saved as UTF-8")
    if not text.strip():
        return Problem(here, "", "the file is empty", "at least the section `cameras`")
    return text
