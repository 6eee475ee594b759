"""The mill makes the same passages each time, and such as sites have."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from lpr_engine.app.passage_mill import CAMERAS, DAYS, LAST, PassageMill
from lpr_engine.grammar.confusion import normalize
from lpr_engine.model.contract import passage_from_json, passage_to_json
from lpr_engine.model.passage import Stage


def test_same_passages_each_time_and_others_for_another_seed() -> None:
    first, second = list(PassageMill(300).passages()), list(PassageMill(300).passages())

    assert first == second
    assert first != list(PassageMill(300, seed=2).passages())


def test_passages_are_whole_in_order_and_of_different_ids() -> None:
    made = list(PassageMill(2000).passages())

    assert all(before.first_seen <= after.first_seen for before, after in pairwise(made))
    assert (LAST - made[0].first_seen).days == DAYS
    assert made[-1].first_seen < LAST
    assert len({one.id for one in made}) == len(made)
    assert {one.camera for one in made} == set(CAMERAS)
    for one in made:
        assert one.stage is Stage.FINAL
        assert one.text == normalize(one.text)
        assert one.text not in [other.text for other in one.alternatives]
        assert passage_from_json(passage_to_json(one)) == one


def test_residents_return_and_strangers_do_not() -> None:
    seen = Counter(one.text for one in PassageMill(5000).passages())

    assert sum(1 for count in seen.values() if count >= 20) >= 20
    assert sum(1 for count in seen.values() if count == 1) >= 500


def test_one_more_comes_after_all_others() -> None:
    mill = PassageMill(10)
    made = list(mill.passages())
    more = [mill.another() for _ in range(3)]

    assert all(made[-1].first_seen < one.first_seen for one in more)
    assert len({one.id for one in (*made, *more)}) == 13
