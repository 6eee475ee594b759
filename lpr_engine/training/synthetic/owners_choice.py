"""Texts that owners choose for their plates: names, words, initials with a year."""

from __future__ import annotations

import string
from functools import lru_cache
from pathlib import Path

import numpy as np
import yaml

_LETTERS = string.ascii_uppercase
# Every letter once, and the commoner ones of English again and again.
_ENGLISH = _LETTERS + "EEEEEEEETTTTTTAAAAAOOOOOOOIIIIINNNNNSSSSSRRRRHHHDDDLLLLUUUCMMGGYYPPWBVK"
_LONGEST = 7
_FILE = Path(__file__).with_name("personal.yaml")


@lru_cache(maxsize=1)
def _words() -> tuple[str, ...]:
    return tuple(yaml.safe_load(_FILE.read_text(encoding="utf-8"))["words"].split())


def owners_choice(generator: np.random.Generator) -> str:
    """Two to seven signs; a round one is an O, and a 0 only where digits stand beside it."""
    kind = generator.random()
    if kind < 0.35:
        return str(generator.choice(_words()))
    length = int(generator.integers(2, _LONGEST + 1))
    if kind < 0.65:
        return "".join(generator.choice(list(_ENGLISH), length))
    if kind < 0.9:
        return _word_and_number(generator, length)
    return "".join(generator.choice(list(_LETTERS + string.digits[1:]), length))


def _word_and_number(generator: np.random.Generator, length: int) -> str:
    digits = int(generator.integers(1, length))
    number = str(generator.integers(10 ** (digits - 1), 10**digits))
    word = "".join(generator.choice(list(_ENGLISH), length - digits))
    return word + number if generator.random() < 0.75 else number + word
