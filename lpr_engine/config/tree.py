"""YAML nodes to plain data, with the place of every key and value."""

from __future__ import annotations

from typing import TypeAlias

import yaml

from lpr_engine.config.document import BROKEN, Broken, Data, Document
from lpr_engine.config.problems import KeyPath, Place, Problem, dotted
from lpr_engine.config.scalar import plain_scalar
from lpr_engine.config.secret import MissingSecretError, SecretSource

MAX_VALUES = 50_000
MAX_DEPTH = 40
YAML_TAG = "tag:yaml.org,2002:"
_JSON_CONSTANTS = ("NaN", "Infinity", "-Infinity")
_SCALARS = {"null", "bool", "int", "float", "str", "timestamp", "value", "merge"}
_MERGE = f"{YAML_TAG}merge"

Entry: TypeAlias = tuple[yaml.ScalarNode, yaml.Node]


class _TooMuchError(Exception):
    """Aliases blow the tree up, or make it contain itself."""

    def __init__(self, node: yaml.Node) -> None:
        self.node = node


class TreeBuilder:
    """Turns one file's nodes into a `Document`; every mistake becomes a problem of it."""

    def __init__(self, file: str, secrets: SecretSource, *, is_json: bool = False) -> None:
        """In JSON, which has no tags, text such as `"!secret name"` counts as one.

        What the environment sets is not looked at, so that a variable can stand in for a secret.
        """
        self._secrets = secrets
        self._is_json = is_json
        self._document = Document(file)
        self._count = 0

    def build(self, root: yaml.Node) -> Document:
        """The whole tree."""
        try:
            self._document.data = self._value(root, ())
        except _TooMuchError as err:
            self._refuse(err.node, (), "anchors and aliases make this file grow without bounds")
        return self._document

    def _place(self, node: yaml.Node) -> Place:
        mark = node.start_mark
        return Place(self._document.file, mark.line + 1, mark.column + 1)

    def _refuse(
        self,
        node: yaml.Node,
        path: KeyPath,
        what: str,
        expected: str | None = None,
        hint: str | None = None,
    ) -> Broken:
        problem = Problem(self._place(node), dotted(path), what, expected, hint)
        self._document.broken.add(path)
        self._document.problems.append(problem)
        return BROKEN

    def _spend(self, node: yaml.Node, depth: int) -> None:
        self._count += 1
        if self._count > MAX_VALUES or depth > MAX_DEPTH:
            raise _TooMuchError(node)

    def _value(self, node: yaml.Node, path: KeyPath) -> Data:
        self._spend(node, len(path))
        self._document.values[path] = self._place(node)
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, path)
        if node.tag not in (f"{YAML_TAG}map", f"{YAML_TAG}seq"):
            return self._refuse(node, path, "this tag is unknown", "no tag before a list or keys")
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        return [self._value(item, (*path, index)) for index, item in enumerate(node.value)]

    def _mapping(self, node: yaml.MappingNode, path: KeyPath) -> dict[str, Data]:
        result: dict[str, Data] = {}
        for name, (key_node, value_node) in self._entries(node, path).items():
            here = (*path, name)
            self._document.keys[here] = self._place(key_node)
            if here in self._secrets.overridden:
                continue
            result[name] = self._value(value_node, here)
        return result

    def _entries(self, node: yaml.MappingNode, path: KeyPath, depth: int = 0) -> dict[str, Entry]:
        """A mapping's own entries over those that `<<` merges in."""
        self._spend(node, depth)
        merged: dict[str, Entry] = {}
        own: dict[str, Entry] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self._refuse(key, (*path, "?"), "a list or mapping stands as a key", "a word")
            elif key.tag == _MERGE:
                for base in self._bases(value, path):
                    merged = {**self._entries(base, path, depth + 1), **merged}
            elif key.value in own:
                line = own[key.value][0].start_mark.line + 1
                self._duplicate(key, path, line)
            else:
                own[key.value] = (key, value)
        return {**merged, **own}

    def _bases(self, node: yaml.Node, path: KeyPath) -> list[yaml.MappingNode]:
        bases = node.value if isinstance(node, yaml.SequenceNode) else [node]
        mappings = [base for base in bases if isinstance(base, yaml.MappingNode)]
        if len(mappings) < len(bases):
            self._refuse(node, (*path, "<<"), "`<<` merges something without keys", "an alias")
        return mappings

    def _duplicate(self, key: yaml.ScalarNode, path: KeyPath, line: int) -> None:
        what = f"this key stands here a second time, first in line {line}"
        problem = Problem(self._place(key), dotted((*path, key.value)), what)
        self._document.problems.append(problem)

    def _scalar(self, node: yaml.ScalarNode, path: KeyPath) -> Data:
        tag, text = node.tag, node.value
        if self._is_json and text.startswith(("!secret ", "!env ")):
            tag, _, text = text.partition(" ")
        if tag not in ("!secret", "!env"):
            return self._plain(node, path)
        try:
            return self._secrets.resolve(tag, text)
        except MissingSecretError as err:
            return self._refuse(node, path, err.what, err.expected, err.hint)

    def _plain(self, node: yaml.ScalarNode, path: KeyPath) -> Data:
        kind = node.tag.removeprefix(YAML_TAG)
        if kind not in _SCALARS:
            expected = "`!secret` or `!env`, or quotes around a text that begins with `!`"
            return self._refuse(node, path, "this tag is unknown", expected)
        if self._is_json and not node.style and node.value in _JSON_CONSTANTS:
            return float(node.value)
        return plain_scalar(kind, node.value, quoted=bool(node.style))
