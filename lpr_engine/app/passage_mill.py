"""Any number of passages that look like those of a real site, always the same ones.

Residents come and go for weeks, strangers pass once or twice, a few of every hundred are misread,
and most have alternatives that differ by a lookalike or two.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from itertools import accumulate

from lpr_engine.grammar.confusion import LOOKALIKES
from lpr_engine.model.geometry import Box
from lpr_engine.model.passage import Alternative, Direction, Passage, Reason, Stage, Verdict

CAMERAS = ("gate", "exit", "street", "yard")
DAYS = 90
LAST = datetime(2026, 6, 30, tzinfo=timezone.utc)

_ENGINE = "bench"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_DIGITS = "0123456789"
_FORMATS = (
    ("LLLDDDD", "DE", 40),
    ("LLDDDD", "DE", 10),
    ("LLDDLLL", "GB", 20),
    ("LLDDDLL", "FR", 15),
    ("DDDDLLL", "ES", 10),
    ("DLLLDDD", "US-CA", 5),
)
_RESIDENTS_SHARE = 0.6
_PASSAGES_OF_A_RESIDENT = 60
_MISREAD_SHARE = 0.06
_ALTERNATIVES = ((0, 30), (1, 30), (2, 20), (3, 10), (5, 10))
_HOURS = (1, 1, 1, 1, 1, 3, 8, 14, 12, 8, 7, 8, 9, 8, 8, 9, 12, 14, 11, 8, 6, 4, 3, 2)
"""How busy each hour of the day is against the others."""


@dataclass(frozen=True, slots=True)
class _Vehicle:
    text: str
    region: str
    list_name: str | None = None


class PassageMill:
    """Makes `count` final passages of the last `DAYS` days, oldest first."""

    def __init__(self, count: int, seed: int = 1) -> None:
        self._count = count
        self._chance = random.Random(seed)
        residents = max(10, int(count * _RESIDENTS_SHARE / _PASSAGES_OF_A_RESIDENT))
        self._residents = [self._vehicle(number) for number in range(residents)]
        self._strangers: list[_Vehicle] = []

    def passages(self) -> Iterator[Passage]:
        """All of them, one after the other."""
        for number, moment in enumerate(_moments(self._count)):
            yield self._passage(number, moment)

    def some_text(self) -> str:
        """A text that a vehicle of the site has."""
        return self._chance.choice(self._residents).text

    def another(self) -> Passage:
        """One more passage, after all others."""
        number = self._count
        self._count += 1
        return self._passage(number, LAST + timedelta(seconds=number))

    def _passage(self, number: int, moment: datetime) -> Passage:
        chance = self._chance
        vehicle = self._next_vehicle()
        misread = chance.random() < _MISREAD_SHARE
        text = self._mistaken(vehicle.text) if misread else vehicle.text
        confidence = round(chance.uniform(0.4, 0.8) if misread else 1 - chance.random() ** 3, 4)
        milliseconds = int(moment.timestamp() * 1000)
        return Passage(
            id=_id(milliseconds, chance),
            revision=2,
            stage=Stage.FINAL,
            engine=_ENGINE,
            camera=CAMERAS[number % 4],
            text=text,
            confidence=confidence,
            characters=tuple((sign, round(chance.uniform(0.7, 1), 4)) for sign in text),
            first_seen=moment,
            last_seen=moment + timedelta(milliseconds=chance.randrange(300, 6000)),
            readings=chance.randrange(3, 40),
            box=Box(0.31, 0.52, 0.4433, 0.58),
            alternatives=self._alternatives(vehicle.text, text, confidence),
            region=vehicle.region,
            direction=(Direction.IN, Direction.OUT, Direction.UNKNOWN)[min(number % 4, 2)],
            zone="lane" if number % 4 < 2 else None,
            verdict=_verdict(vehicle if text == vehicle.text else None),
        )

    def _next_vehicle(self) -> _Vehicle:
        if self._chance.random() < _RESIDENTS_SHARE:
            return self._chance.choice(self._residents)
        if not self._strangers or self._chance.random() < 0.7:
            self._strangers.append(self._vehicle(None))
        return self._strangers[-1 - int(self._chance.random() ** 2 * len(self._strangers))]

    def _vehicle(self, number: int | None) -> _Vehicle:
        formats = [(form, region) for form, region, _ in _FORMATS]
        weights = [weight for _, _, weight in _FORMATS]
        form, region = self._chance.choices(formats, weights)[0]
        text = "".join(self._chance.choice(_LETTERS if c == "L" else _DIGITS) for c in form)
        on_list = None if number is None or number % 5 else ("allow", "watch")[number % 50 == 0]
        return _Vehicle(text, region, on_list)

    def _alternatives(self, true: str, read: str, confidence: float) -> tuple[Alternative, ...]:
        counts, weights = zip(*_ALTERNATIVES, strict=True)
        texts = {true} if true != read else set()
        for _ in range(self._chance.choices(counts, weights)[0]):
            texts.add(self._mistaken(true))
        left = max(0.0, 1 - confidence) / 2
        return tuple(
            Alternative(text, round(left / (rank + 1), 4))
            for rank, text in enumerate(sorted(texts - {read}))
        )

    def _mistaken(self, text: str) -> str:
        place = self._chance.randrange(len(text))
        group = next((group for group in LOOKALIKES if text[place] in group), _LETTERS + _DIGITS)
        return text[:place] + self._chance.choice(group) + text[place + 1 :]


def _moments(count: int) -> Iterator[datetime]:
    """Times in order, as dense as the hours of a day are busy."""
    begin = LAST - timedelta(days=DAYS)
    shares = [0.0, *accumulate(busy / sum(_HOURS) for busy in _HOURS)]
    for number in range(count):
        day, part = divmod(number * DAYS / count, 1)
        hour = max(hour for hour in range(24) if shares[hour] <= part)
        within = (part - shares[hour]) / (shares[hour + 1] - shares[hour])
        moment = begin + timedelta(days=int(day), hours=hour + min(within, 0.999999))
        yield moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def _id(milliseconds: int, chance: random.Random) -> str:
    """A UUIDv7 that is the same in every run."""
    number = milliseconds << 80 | 7 << 76 | chance.getrandbits(12) << 64 | 2 << 62
    return str(uuid.UUID(int=number | chance.getrandbits(62)))


def _verdict(vehicle: _Vehicle | None) -> Verdict:
    if vehicle is None or vehicle.list_name is None:
        return Verdict(reasons=(Reason("vehicle", False, "resembles no known plate"),))
    passed = Reason("vehicle", True, f"{vehicle.text} is known: {vehicle.text}")
    return Verdict(
        vehicle.list_name, f"v-{vehicle.text}".lower(), vehicle.list_name == "allow", (passed,)
    )
