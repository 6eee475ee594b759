import json
from datetime import timedelta

import pytest

from lpr_engine.model.outbox import OutboxRow
from lpr_engine.model.wire import encode
from lpr_engine.mqtt.payloads import row_to_json


@pytest.mark.parametrize(
    ("age_s", "attempted", "late"),
    [
        (0, False, False),
        (10, False, False),
        (10.001, False, True),
        (3600, False, True),
        (0, True, True),
        (-9, False, False),
        (-11, False, True),  # the clock was set back: nobody knows how old it is
    ],
)
def test_what_is_old_or_repeated_is_late(passages, age_s, attempted, late):
    passage = passages(1)
    row = OutboxRow(1, passage, attempted, passage.last_seen)
    written = row_to_json(row, passage.last_seen + timedelta(seconds=age_s))
    assert written["late"] is late
    assert written["redelivered"] is attempted


def test_a_correction_is_late_however_soon_it_comes(passages):
    passage = passages(1, revision=2, corrected_by="anna")
    row = OutboxRow(2, passage, False, passage.last_seen)
    assert row_to_json(row, passage.last_seen)["late"] is True


@pytest.mark.parametrize(
    ("data", "read_back"),
    [
        (
            {"a": float("nan"), "b": [float("inf"), {"c": -float("inf")}]},
            {"a": None, "b": [None, {"c": None}]},
        ),
        ({"text": "A\ud800B", "größe": 1}, {"text": "A?B", "größe": 1}),
    ],
)
def test_what_json_cannot_say_does_not_stop_delivery(data, read_back):
    assert json.loads(encode(data)) == read_back
