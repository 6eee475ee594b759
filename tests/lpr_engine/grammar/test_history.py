"""A site's history: only sure passages of known formats count, the newest most."""

from __future__ import annotations

import math
import threading

import pytest

from lpr_engine.grammar.history import REMEMBERED, SiteHistory, trust


@pytest.mark.parametrize(
    ("text", "region", "confidence"),
    [
        ("LS15EBC", "GB", 0.89),
        ("LS15EBC", "GB", math.nan),
        ("!!!", "GB", 0.99),
        ("", "GB", 0.99),
    ],
)
def test_what_does_not_count(text, region, confidence):
    history = SiteHistory([(text, region, confidence)])
    assert history.regions == ()
    assert history.shape_trust == 0.0


def test_an_unnamed_or_unknown_region_leaves_the_shape():
    history = SiteHistory([("LS15EBC", None, 0.95), ("AB12CDE", "Atlantis", 0.95)])
    assert history.regions == ()
    assert history.shape_odds("XY34ZZZ") > 1.0
    assert history.shape_odds("XYZ1234") == 0.0


def test_old_passages_fade():
    history = SiteHistory([("ABC1234", "BR", 1.0)] * 300 + [("LS15EBC", "GB", 1.0)] * 900)
    counts = dict(history.regions)
    assert counts["GB"] > 5 * counts["BR"]
    assert sum(counts.values()) <= REMEMBERED


def test_trust_grows_and_never_is_full():
    values = [trust(count) for count in (0, 1, 10, 100, 1e6)]
    assert values == sorted(values)
    assert values[0] == 0.0
    assert values[1] < 0.1
    assert values[-1] < 1.0


def test_cameras_may_note_at_the_same_time():
    history = SiteHistory()

    def note() -> None:
        for _ in range(100):
            history.note("LS15EBC", "GB", 1.0)

    threads = [threading.Thread(target=note) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    alone = SiteHistory([("LS15EBC", "GB", 1.0)] * 400)
    assert dict(history.regions)["GB"] == pytest.approx(dict(alone.regions)["GB"])
