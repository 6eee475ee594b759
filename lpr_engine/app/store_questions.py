"""What is asked of a full store to see how fast it answers: no question comes twice."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from lpr_engine.app.passage_mill import CAMERAS, DAYS, LAST, PassageMill
from lpr_engine.grammar.confusion import LOOKALIKES
from lpr_engine.model.analytics import Span, Step
from lpr_engine.model.search import Order, PassageFilter, TextKind, TextQuery
from lpr_engine.store.analytics import PassageAnalytics
from lpr_engine.store.search import PassageSearch

_PAGE = 50
_MONTH = timedelta(days=30)
_EXACT_MS, _FUZZY_MS, _MONTH_MS = 20.0, 100.0, 300.0

Once = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Question:
    """One kind of question; `ask` hands out as many of it as are wanted."""

    name: str
    ask: Callable[[], Iterator[Once]]
    aim_ms: float | None = None


def search_questions(mill: PassageMill, search: PassageSearch) -> list[Question]:
    """First and next pages of every kind."""
    return _SearchQuestions(mill, search).all()


class _SearchQuestions:
    """Makes up searches for passages that a mill has made."""

    def __init__(self, mill: PassageMill, search: PassageSearch) -> None:
        self._mill = mill
        self._search = search
        self._chance = random.Random(7)

    def all(self) -> list[Question]:
        """Each kind, plain filters first."""
        return [*self._plain(), *self._of_text()]

    def _plain(self) -> list[Question]:
        one = self._question
        return [
            one("newest", PassageFilter, _EXACT_MS),
            one("newest, 40th page", PassageFilter, _EXACT_MS, pages=39),
            one("best", PassageFilter, _EXACT_MS, Order.BEST),
            one("camera and three days", self._some_days, _EXACT_MS),
            one("list", lambda: PassageFilter(list_name="watch"), _EXACT_MS),
        ]

    def _of_text(self) -> list[Question]:
        one, best = self._question, Order.BEST
        exact, prefix, wildcard, regex, fuzzy = (
            partial(self._by_text, kind)
            for kind in (
                TextKind.EXACT,
                TextKind.PREFIX,
                TextKind.WILDCARD,
                TextKind.REGEX,
                TextKind.FUZZY,
            )
        )
        return [
            one("exact", exact, _EXACT_MS),
            one("exact, second page", exact, _EXACT_MS, pages=1),
            one("exact, best first", exact, _EXACT_MS, best),
            one("prefix", prefix, _EXACT_MS),
            one("prefix, third page", prefix, _EXACT_MS, pages=2),
            one("prefix, best first", prefix, _EXACT_MS, best),
            one("wildcard", wildcard, _FUZZY_MS),
            one("regular expression", regex, _FUZZY_MS),
            one("fuzzy", fuzzy, _FUZZY_MS),
            one("fuzzy, second page", fuzzy, _FUZZY_MS, pages=1),
            one("fuzzy, best first", fuzzy, _FUZZY_MS, best),
            one("fuzzy, best first, second page", fuzzy, _FUZZY_MS, best, pages=1),
        ]

    def _question(
        self,
        name: str,
        make: Callable[[], PassageFilter],
        aim_ms: float | None = None,
        order: Order = Order.NEWEST,
        pages: int = 0,
    ) -> Question:
        return Question(name, lambda: self._found(make, order, pages), aim_ms)

    def _found(self, make: Callable[[], PassageFilter], order: Order, pages: int) -> Iterator[Once]:
        find = self._search.find
        while True:
            filters = make()
            cursor = None
            for _ in range(pages):
                cursor = find(filters, _PAGE, order, cursor).next_cursor or cursor
            yield partial(find, filters, _PAGE, order, cursor)

    def _some_days(self) -> PassageFilter:
        since = LAST - timedelta(days=self._chance.randrange(2, DAYS))
        camera = self._chance.choice(CAMERAS)
        return PassageFilter((camera,), since=since, until=since + _MONTH / 10)

    def _by_text(self, kind: TextKind) -> PassageFilter:
        return PassageFilter(text=TextQuery(self._text(kind), kind))

    def _text(self, kind: TextKind) -> str:
        chance, whole = self._chance, self._mill.some_text()
        if kind is TextKind.PREFIX:
            return whole[: chance.randrange(1, 6)]
        if kind is TextKind.WILDCARD:
            return chance.choice((f"{whole[:2]}*{whole[-1]}", f"*{whole[2:5]}*", f"?{whole[1:4]}*"))
        if kind is TextKind.REGEX:
            return chance.choice((f"^{whole[0]}.*{whole[-2:]}$", f"[{whole[:3]}]{{2}}{whole[3]}"))
        return _misread(whole, chance) if kind is TextKind.FUZZY else whole


def analytics_questions(counts: PassageAnalytics) -> list[Question]:
    """Each figure over a month, one that begins at another hour each time."""
    chance = random.Random(9)

    def of_a_month(count: Callable[[Span], object]) -> Callable[[], Iterator[Once]]:
        def asked() -> Iterator[Once]:
            while True:
                until = LAST - timedelta(hours=chance.randrange(24 * (DAYS - 31)))
                span = Span(until - _MONTH, until)
                yield partial(count, span)

        return asked

    figures: list[tuple[str, Callable[[Span], object]]] = [
        ("hours", lambda span: counts.by_time(span, Step.HOUR)),
        ("days", lambda span: counts.by_time(span, Step.DAY)),
        ("weekdays", lambda span: counts.by_part(span, Step.WEEKDAY)),
        ("hours of the day", lambda span: counts.by_part(span, Step.HOUR_OF_DAY)),
        ("cameras", counts.by_camera),
        ("lists", counts.by_list),
        ("top plates", lambda span: counts.top_plates(span, 20)),
        ("vehicles", counts.vehicles),
        ("visits", counts.visits),
    ]
    return [Question(f"a month's {name}", of_a_month(count), _MONTH_MS) for name, count in figures]


def _misread(text: str, chance: random.Random) -> str:
    """A text with one lookalike in it, and every second time another mistake."""
    place = chance.randrange(len(text))
    group = next((group for group in LOOKALIKES if text[place] in group), text[place])
    text = text[:place] + chance.choice(group) + text[place + 1 :]
    if chance.random() < 0.5:
        place = chance.randrange(len(text))
        text = text[:place] + chance.choice(("", "X", "7")) + text[place + 1 :]
    return text
