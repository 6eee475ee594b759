"""What a passage tells of its track."""

from __future__ import annotations

import pytest

from lpr_engine.config.sections import CameraSection, TrackingSection
from lpr_engine.grammar.prior import Grammar
from lpr_engine.model.passage import Stage
from lpr_engine.tracking.publication import Publisher
from lpr_engine.tracking.sighting import sight
from lpr_engine.tracking.track import Track


def make_track(build, text):
    observation = build.observation(text, 300, 300)
    (sighting,) = sight(CameraSection("gate", "test"), build.frame(0), [observation])
    return Track(build.frame(0), sighting, 0.0, None, lambda _text, _regions: 0.0)


def test_revisions_rise_under_one_id(build):
    ids = iter(["first", "second"])
    publisher = Publisher("home", "gate", lambda: next(ids), Grammar(("GB",)))
    track = make_track(build, "LS15EBC")
    preview = publisher.publish(track, Stage.PREVIEW)
    final = publisher.publish(track, Stage.FINAL)
    assert [(one.passage.id, one.passage.revision) for one in (preview, final)] == [
        ("first", 1),
        ("first", 2),
    ]
    assert (final.passage.display, final.passage.region) == ("LS15 EBC", "GB")
    assert [len(preview.new_readings), len(final.new_readings)] == [1, 0]


def test_an_unread_track_cannot_be_told(build):
    publisher = Publisher("home", "gate", lambda: "id", Grammar())
    with pytest.raises(ValueError, match="without readings"):
        publisher.publish(make_track(build, None), Stage.FINAL)


@pytest.mark.parametrize(
    ("camera", "tracking", "display"),
    [
        ({"country": "GB"}, {}, "LS15 EBC"),
        ({}, {"countries": ("GB",)}, "LS15 EBC"),
        ({"country": "GB"}, {"countries": ("BR",)}, "LS15 EBC"),
        ({}, {}, None),
    ],
)
def test_the_country_of_the_camera_goes_before_that_of_tracking(build, camera, tracking, display):
    road = build.road(CameraSection("gate", "test", **camera), TrackingSection(**tracking))
    road.stand("LS15EBC", [0.0, 0.1, 0.2], (300, 300))
    assert road.finish()[0].passage.display == display
