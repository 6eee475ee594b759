from pathlib import Path

import pytest

from lpr_engine.config.loading import check_configuration
from lpr_engine.config.problems import Problem

UMLAUT = b"engine:\n  name: Tor" + "ä".encode("latin-1")
LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n"
    for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)
MERGED_LAUGHS = "a: &a {x: 1}\n" + "".join(
    f"{new}: &{new}\n  <<: [{', '.join([f'*{old}'] * 9)}]\n"
    for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)


def only(problems: list[Problem]) -> Problem:
    (problem,) = problems
    return problem


@pytest.mark.parametrize(
    ("content", "name", "line", "column", "words"),
    [
        (b"", "a.yaml", None, None, "the file is empty"),
        (b" \n\n", "a.yaml", None, None, "the file is empty"),
        (b"# nothing but a comment\n", "a.yaml", None, None, "the file is empty"),
        (b"", "a.json", None, None, "the file is empty"),
        (b"\x7fELF\0\0\0", "a.yaml", None, None, "this is a binary file"),
        (b"\x89PNG\r\n\x1a\n\0", "a.yaml", 1, 1, "this is not UTF-8 text"),
        (UMLAUT, "a.yaml", 2, 12, "this is not UTF-8 text"),
        ("engine: {}".encode("utf-16"), "a.yaml", 1, 1, "this is not UTF-8 text"),
        (b"engine:\n  name: a\x07b\n", "a.yaml", 2, 10, "a control character stands here"),
        (b"engine:\n\tid: gate\n", "a.yaml", 2, 1, "a tab stands where YAML wants spaces"),
        (
            b"engine:\n  id: gate\n\tname: x\n",
            "a.yaml",
            3,
            1,
            "a tab stands where YAML wants spaces",
        ),
        (b"engine: {id: gate\n", "a.yaml", 2, 1, "this is not YAML"),
        (b"engine:\n  name: 'open\n", "a.yaml", 3, 1, "a quote or bracket is never closed"),
        (b"engine:\n  id: a\n name: b\n", "a.yaml", 3, 2, "the indent does not fit"),
        (b"engine: id: a\n", "a.yaml", 1, 11, "a colon too many"),
        (b"engine:\n  id: *gate\n", "a.yaml", 2, 7, "`*` begins an alias"),
        (b"engine:\n  id: @gate\n", "a.yaml", 2, 7, "needs quotes around it"),
        (b"engine: {}\n---\nmqtt: {}\n", "a.yaml", 2, 1, "a second document"),
        (b"engine:\n  id: a\n  id: b\n", "a.yaml", 3, 3, "a second time, first in line 2"),
        (b"engine: {}\nengine: {}\n", "a.yaml", 2, 1, "a second time, first in line 1"),
        (b"engine: {[a]: b}\n", "a.yaml", 1, 10, "a list or mapping stands as a key"),
        (b"engine: !!python/object:os.system {}\n", "a.yaml", 1, 9, "this tag is unknown"),
        (b"engine:\n  id: !gate\n", "a.yaml", 2, 7, "this tag is unknown"),
        (b"engine:\n  id: !!python/name:os.system\n", "a.yaml", 2, 7, "this tag is unknown"),
        (b"engine: {<<: 5}\n", "a.yaml", 1, 14, "`<<` merges something without keys"),
        (b"cameras: &a [*a]\n", "a.yaml", 1, 10, "grow without bounds"),
        (b"engine: &a {<<: *a}\n", "a.yaml", 1, 9, "grow without bounds"),
        (LAUGHS.encode(), "a.yaml", 1, None, "grow without bounds"),
        (MERGED_LAUGHS.encode(), "a.yaml", None, None, "grow without bounds"),
        (b"a: " + b"[" * 5000, "a.yaml", 1, None, "nested too deep"),
        (b"[" * 100_000, "a.json", None, None, "nested too deep"),
        (b"[" + b"1," * 60_000 + b"1]", "a.yaml", 1, None, "too many values"),
        (b"{'engine': {}}", "a.json", 1, 2, "this is not JSON"),
        (b'{\n  "engine": {},\n}', "a.json", None, None, "this is not JSON"),
        (b'{"engine": {"id": "a", "id": "b"}}', "a.json", 1, 24, "a second time"),
        (b"engine: {}", "a.json", 1, 1, "this is not JSON"),
    ],
)
def test_file_that_cannot_be_understood_is_told_with_its_place(
    write, content: bytes, name: str, line: int | None, column: int | None, words: str
) -> None:
    path = write(content, name)
    problem = only(check_configuration(path, {}))
    assert words in problem.what
    assert problem.file == str(path)
    if line is not None:
        assert problem.line == line
    if column is not None:
        assert problem.column == column


def test_byte_order_mark_and_windows_lines_are_fine(write) -> None:
    assert check_configuration(write(b"\xef\xbb\xbfengine:\r\n  id: gate\r\n"), {}) == []


def test_file_over_the_limit_is_refused_unread(write) -> None:
    assert check_configuration(write(b"#" * 999_990 + b"\n{}"), {}) == []
    assert (
        only(check_configuration(write(b"#" * 1_000_000 + b"\n{}"), {})).what
        == "the file is too large"
    )


def test_device_in_place_of_a_file_is_refused() -> None:
    assert only(check_configuration(Path("/dev/zero"), {})).what == "this is no file"
    assert only(check_configuration(Path("a\0b.yaml"), {})).what == "there is no such file"


@pytest.mark.parametrize(
    "line",
    [
        "password: *hunter2",
        "password: !hunter2",
        "password: !hunter2!x",
        "password: &hunter2 [",
        "password: @hunter2",
        "password: %hunter2",
        "password: 'hunter2",
        'password: "\\hunter2"',
        "password: [hunter2",
        "password: hunter2: x",
        "password:hunter2",
        "{password:hunter2}",
        "password: {hunter2: hunter2}",
        "password: [hunter2]",
        "password: |\n    hunter2\n    hunter2",
        "pasword: hunter2",
        "host: hunter2@broker",
        "host: mqtt://lpr:hunter2@broker",
        "port: hunter2",
        "username: {a: hunter2}",
        "ca_file: hunter2@/x",
        "token:hunter2: x",
        "token:hunter2: !bad x",
        "token:hunter2: 1\n  token:hunter2: 2",
        "token:hunter2: !secret x",
    ],
)
def test_no_mistake_shows_a_password(write, line: str) -> None:
    problems = check_configuration(write(f"mqtt:\n  {line}\n"), {})
    assert problems
    shown = [str(problem) + repr(problem) for problem in problems]
    assert not [text for text in shown if "hunter2" in text]
