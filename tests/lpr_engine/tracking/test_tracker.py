"""A camera's plates over time: what is told, when, and how often."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from lpr_engine.config.sections import CameraSection, TrackingSection, Zone
from lpr_engine.grammar.prior import Grammar
from lpr_engine.model.geometry import DirectionLine, Polygon
from lpr_engine.model.passage import Direction, Stage
from lpr_engine.tracking.tracker import MAX_TRACKS, PARKED_MEMORY_S


def stages(road) -> list[tuple[str, int, str]]:
    return [(u.passage.id, u.passage.revision, u.passage.stage.value) for u in road.updates]


def test_a_passing_car_is_previewed_once_and_ends_once(build, road):
    road.drive("LS15EBC", build.steps(0, 2, 10), lambda t: (200 + 300 * t, 400))
    road.see(5.0)
    assert stages(road) == [("passage-1", 1, "preview"), ("passage-1", 2, "final")]
    final = road.finals[0].passage
    assert (final.text, final.engine, final.camera) == ("LS15EBC", "home", "gate")
    assert final.readings == 20
    assert (final.last_seen - final.first_seen).total_seconds() == pytest.approx(1.9)
    assert [sign for sign, _ in final.characters] == list("LS15EBC")
    assert sum(len(update.new_readings) for update in road.updates) == 20


def test_final_waits_until_the_car_is_lost(build, road):
    road.drive("LS15EBC", build.steps(0, 1, 10), lambda t: (200 + 300 * t, 400))
    road.see(2.3)
    assert not road.finals
    road.see(2.6)
    assert len(road.finals) == 1


def test_one_reading_is_no_passage(build, road):
    road.see(0.0, build.observation("LS15EBC", 300, 300))
    assert road.finish() == []


def test_doubtful_readings_are_no_passage(build, road):
    for time_s in build.steps(0, 1, 10):
        road.see(time_s, build.observation("LS15EBC", 300, 300, certainty=0.1, quality=0.1))
    assert road.finish() == []


def test_a_previewed_track_always_ends(build):
    road = build.road(tracking=TrackingSection(min_confidence=0.99999, min_readings=1))
    road.see(0.0, build.observation("LS15EBC", 300, 300, certainty=0.99, quality=1.0))
    assert len(road.previews) == 1
    road.see(0.1, build.observation("LS15EBD", 300, 300, certainty=0.99, quality=1.0))
    assert len(road.finish()) == 1


def test_preview_again_only_when_the_text_changes(build, road):
    road.stand("LS15EBC", build.steps(0, 0.3, 10), (300, 300))
    road.stand("LS15EBQ", build.steps(0.3, 3, 10), (300, 300))
    assert [u.passage.text for u in road.previews] == ["LS15EBC", "LS15EBQ"]
    assert {u.passage.id for u in road.previews} == {"passage-1"}
    assert [u.passage.revision for u in road.previews] == [1, 2]


def test_crossing_cars_keep_their_texts(build, road):
    for t in build.steps(0, 3, 10):
        road.see(
            t,
            build.observation("AB123CD", 100 + 350 * t, 400),
            build.observation("XY987ZW", 1150 - 350 * t, 410),
        )
    road.finish()
    assert sorted(road.texts) == ["AB123CD", "XY987ZW"]
    assert all(update.passage.readings == 30 for update in road.finals)


def test_crossing_cars_without_readings_at_the_crossing(build, road):
    for t in build.steps(0, 3, 10):
        far = abs(t - 1.5) > 0.5
        road.see(
            t,
            build.observation("AB123CD" if far else None, 100 + 350 * t, 400),
            build.observation("XY987ZW" if far else None, 1150 - 350 * t, 440),
        )
    road.finish()
    assert sorted(road.texts) == ["AB123CD", "XY987ZW"]


def test_fast_car_at_five_frames_jumps_several_lengths(build, road):
    road.drive("LS15EBC", build.steps(0, 1, 5), lambda t: (50 + 1400 * t, 400), width=60)
    assert road.finish() and road.texts == ["LS15EBC"]
    assert road.finals[0].passage.readings == 5


def test_fast_unread_car_is_held_by_its_motion(build, road):
    for number, t in enumerate(build.steps(0, 1.2, 5)):
        text = "LS15EBC" if number in {0, 5} else None
        road.see(t, build.observation(text, 50 + 900 * t, 400, width=80))
    road.finish()
    assert road.texts == ["LS15EBC"]


def test_missed_frames_do_not_break_a_track(build, road):
    kept = [t for number, t in enumerate(build.steps(0, 4, 10)) if number % 7 in {0, 1}]
    road.drive("LS15EBC", kept, lambda t: (100 + 250 * t, 400))
    road.finish()
    assert road.texts == ["LS15EBC"]
    assert road.finals[0].passage.readings == len(kept)


def test_stop_and_go_with_a_gap_is_one_passage(build, road):
    road.drive("LS15EBC", build.steps(0, 2, 10), lambda t: (100 + 100 * t, 400))
    for t in build.steps(2, 6, 10):
        road.see(t)
    road.drive("LS15EBC", build.steps(6, 8, 10), lambda t: (300 + 100 * (t - 6), 400))
    road.finish()
    assert road.texts == ["LS15EBC"]


def test_the_same_car_much_later_is_a_new_passage(build, road):
    for start in (0, 60):
        times = build.steps(start, start + 2, 10)
        road.drive("LS15EBC", times, lambda t, start=start: (100 + 300 * (t - start), 400))
        road.see(start + 5)
    assert road.texts == ["LS15EBC"] * 2
    assert len({update.passage.id for update in road.finals}) == 2


def test_two_cars_of_one_fleet_are_two_passages(build, road):
    for start, text in ((0, "AB123CD"), (4, "AB124CD")):
        times = build.steps(start, start + 2, 10)
        road.drive(text, times, lambda t, start=start: (100 + 300 * (t - start), 400))
    road.finish()
    assert road.texts == ["AB123CD", "AB124CD"]


LINE = DirectionLine((0.5, 0.0), (0.5, 1.0))
GATE = CameraSection("gate", "test", direction_line=LINE)


@pytest.mark.parametrize(
    ("start_x", "speed", "direction"),
    [(1200, -400, Direction.IN), (80, 400, Direction.OUT), (80, 150, Direction.UNKNOWN)],
)
def test_direction_by_the_line(build, start_x, speed, direction):
    road = build.road(GATE)
    road.drive("LS15EBC", build.steps(0, 2.5, 10), lambda t: (start_x + speed * t, 400))
    assert road.finish()[0].passage.direction is direction


def test_coming_back_at_once_is_told_when_it_goes_the_other_way(build):
    road = build.road(GATE)
    road.drive("LS15EBC", build.steps(0, 2, 10), lambda t: (1200 - 500 * t, 400))
    for t in build.steps(2, 4, 10):
        road.see(t)
    road.drive("LS15EBC", build.steps(4, 6, 10), lambda t: (200 + 500 * (t - 4), 400))
    road.finish()
    assert [u.passage.direction for u in road.finals] == [Direction.IN, Direction.OUT]


def test_parked_car_is_told_once(build, road):
    road.stand("LS15EBC", build.steps(0, 200, 2), (600, 400))
    assert [u.passage.stage for u in road.updates] == [Stage.PREVIEW, Stage.FINAL]
    final = road.finals[0].passage
    assert (final.last_seen - final.first_seen).total_seconds() == pytest.approx(20)
    assert len(road.finish()) == 1


def test_parked_car_survives_minutes_out_of_sight(build, road):
    road.stand("LS15EBC", build.steps(0, 30, 2), (600, 400))
    road.stand("LS15EBC", build.steps(330, 400, 2), (604, 401))
    assert road.finish() and road.texts == ["LS15EBC"]


def test_parked_memory_ends(build, road):
    road.stand("LS15EBC", build.steps(0, 30, 2), (600, 400))
    later = 40 + PARKED_MEMORY_S
    road.stand("LS15EBC", build.steps(later, later + 30, 2), (600, 400))
    assert len(road.finals) == 2


def test_a_car_passes_before_a_parked_one(build, road):
    road.stand("PARK123", build.steps(0, 30, 10), (640, 400))
    for t in build.steps(30, 34, 10):
        x = 100 + 300 * (t - 30)
        hidden = abs(x - 640) < 110
        parked = [] if hidden else [build.observation("PARK123", 640, 400)]
        road.see(t, build.observation("MOV987E", x, 405), *parked)
    road.stand("PARK123", build.steps(34, 60, 10), (640, 400))
    assert road.texts == ["PARK123", "MOV987E"]
    assert road.finals[1].passage.readings >= 38


def test_parked_car_that_drives_off_is_a_new_passage_with_direction(build):
    road = build.road(GATE)
    road.stand("LS15EBC", build.steps(0, 60, 5), (900, 400))
    road.drive("LS15EBC", build.steps(60, 64, 5), lambda t: (900 - 200 * (t - 60), 400))
    road.finish()
    assert [u.passage.direction for u in road.finals] == [Direction.UNKNOWN, Direction.IN]
    assert road.finals[0].passage.id != road.finals[1].passage.id


def test_a_parked_car_in_a_shaking_picture_stays_silent(build, road):
    road.stand("LS15EBC", build.steps(0, 40, 5), (600, 400))
    road.stand("LS15EBC", build.steps(40, 90, 5), (900, 430))
    road.finish()
    assert road.texts == ["LS15EBC"]


def test_a_long_stay_that_never_stands_is_told_once(build, road):
    def creep(t):
        return (600 + 200 * math.sin(t / 3), 400)

    road.drive("LS15EBC", build.steps(0, 300, 5), creep)
    road.finish()
    assert road.texts == ["LS15EBC"]


def test_skipped_frames_keep_a_standing_car_and_age_a_lost_one(build, road):
    road.stand("LS15EBC", build.steps(0, 1, 10), (600, 400))
    for t in build.steps(1, 10, 10):
        assert road.tracker.skip(build.frame(t)) == []
    road.see(10.0)
    for t in build.steps(10.1, 13, 10):
        road.updates += road.tracker.skip(build.frame(t))
    assert road.texts == ["LS15EBC"]


def test_skipped_frames_park_a_standing_car(build, road):
    road.stand("LS15EBC", build.steps(0, 1, 10), (600, 400))
    for t in build.steps(1, 30, 2):
        road.updates += road.tracker.skip(build.frame(t))
    assert len(road.finals) == 1


def test_zones_masks_and_height_filter(build):
    yard = Zone("yard", Polygon(((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0))))
    mask = Polygon(((0.0, 0.0), (0.2, 0.0), (0.2, 1.0), (0.0, 1.0)))
    camera = CameraSection("gate", "test", zones=(yard,), masks=(mask,), min_plate_height_px=20)
    road = build.road(camera)
    for t in build.steps(0, 1, 10):
        road.see(
            t,
            build.observation("INZ0NE1", 500, 200),
            build.observation("0UTS1DE", 900, 200),
            build.observation("MASKED1", 100, 400),
            build.observation("T1NY123", 500, 600, width=60),
        )
    assert [(u.passage.text, u.passage.zone) for u in road.finish()] == [("INZ0NE1", "yard")]


def test_zone_is_the_last_one_it_was_seen_in(build):
    halves = (
        Zone("street", Polygon(((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0)))),
        Zone("gate", Polygon(((0.5, 0.0), (1.0, 0.0), (1.0, 1.0), (0.5, 1.0)))),
    )
    road = build.road(CameraSection("gate", "test", zones=halves))
    road.drive("LS15EBC", build.steps(0, 2, 10), lambda t: (300 + 400 * t, 400))
    assert road.previews[0].passage.zone == "street"
    assert road.finish()[0].passage.zone == "gate"


def test_evidence_is_the_best_agreeing_frame(build, road):
    road.see(0.0, build.observation("LS15EBC", 300, 300, quality=0.5))
    road.see(0.1, build.observation("LS15EBC", 310, 300, quality=0.9))
    road.see(0.2, build.observation("LS15EBC", 320, 300, quality=0.4))
    road.see(0.3, build.observation("XXXXEBC", 330, 300, quality=1.0, certainty=0.6))
    evidence = road.finish()[0].evidence
    assert evidence.frame.monotonic_s == pytest.approx(0.1)
    assert evidence.observation.crop.quality == 0.9


def test_box_is_in_shares_of_the_frame(build, road):
    road.stand("LS15EBC", [0, 0.1], (640, 360))
    box = road.finish()[0].passage.box
    assert box.center == (0.5, 0.5)
    assert box.width == pytest.approx(100 / 1280)


def test_resolution_change_keeps_the_track(build, road):
    road.stand("LS15EBC", build.steps(0, 1, 10), (640, 360))
    for t in build.steps(1, 2, 10):
        small = build.frame(t, width=640, height=360)
        road.updates += road.tracker.update(
            small, [build.observation("LS15EBC", 320, 180, width=50)]
        )
    assert len(road.finish()) == 1
    assert road.finals[0].passage.readings == 20


def test_clip_restart_ends_everything_and_begins_anew(build, road):
    for _ in range(2):
        road.drive("LS15EBC", build.steps(0, 2, 10), lambda t: (200 + 300 * t, 400))
    road.finish()
    assert road.texts == ["LS15EBC"] * 2


def test_region_of_most_readings(build, road):
    for number, t in enumerate(build.steps(0, 1, 10)):
        reading = build.reading("LS15EBC", region="GB" if number else "DE")
        road.see(t, build.observation(None, 300, 300, reading=reading))
    assert road.finish()[0].passage.region == "GB"


def test_the_word_on_the_region_decides_between_two_equal_texts(build):
    """`ES` issues 1234BCD, nobody 1Z34BCD: where Spain is read, the digit is believed."""
    told = {}
    for region in (None, "ES"):
        road = build.road()
        for t in build.steps(0, 1, 10):
            reading = build.reading("1Z34BCD", 0.98, region=region)
            reading.probabilities[1, build.signs.index("Z")] = 0.4
            reading.probabilities[1, build.signs.index("2")] = 0.33
            road.see(t, build.observation(None, 300, 300, reading=reading))
        (final,) = road.finish()
        told[region] = {other.text: other.confidence for other in final.passage.alternatives}
        told[region][final.passage.text] = final.passage.confidence
    odds = {region: found["1234BCD"] / found["1Z34BCD"] for region, found in told.items()}
    assert odds["ES"] > 1.2 * odds[None]


def test_a_crowd_is_bounded_and_ends_properly(build, road):
    rng = np.random.default_rng(1)
    for t in build.steps(0, 1, 5):
        crowd = [
            build.observation(f"AA{number:03}BB", *(rng.uniform(0, 1) * 1200, 300.0), width=60)
            for number in range(1000)
        ]
        road.see(t, *crowd)
    road.finish()
    assert len(road.finals) <= 5 * MAX_TRACKS


@pytest.mark.parametrize("text", ["A" * 40, "", "B" * 16])
def test_odd_texts_do_no_harm(build, road, text):
    for t in build.steps(0, 1, 10):
        road.see(t, build.observation(text, 300, 300), build.observation("LS15EBC", 800, 300))
    road.finish()
    assert "LS15EBC" in road.texts
    assert all(len(found) <= 16 for found in road.texts)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_numbers_that_are_none_do_no_harm(build, road, bad):
    rows = build.reading("LS15EBC").probabilities * np.float32(bad)
    broken = type(build.reading("A"))("LS15EBC", rows, build.signs + "_")
    for t in [*build.steps(0, 1, 10), math.nan]:
        road.see(
            t,
            build.observation("LS15EBC", 300, 300, quality=bad),
            build.observation(None, 800, 300, reading=broken),
            build.observation("NANB0X1", bad, 300),
            build.observation("FLATB0X", 900, 300, width=0),
        )
    road.finish()
    assert set(road.texts) <= {"LS15EBC"}


def test_a_plate_guessed_from_afar_is_the_same_car(build, road):
    guesses = ["I5E8", "A22222", "15E0G1", "LB1"]
    for number, t in enumerate(build.steps(0, 2, 8)):
        far = number < len(guesses)
        text, certainty = (guesses[number], 0.3) if far else ("LS15EBC", 0.95)
        width = 40 + 4 * number
        road.see(t, build.observation(text, 400 + 100 * t, 300, width, certainty))
    road.finish()
    assert road.texts == ["LS15EBC"]
    assert road.finals[0].passage.first_seen == road.updates[0].passage.first_seen
    assert road.finals[0].passage.readings >= 12


def test_two_boxes_around_one_plate_are_one(build, road):
    for t in build.steps(0, 1, 10):
        part = build.observation("15EBC", 410, 300, width=80)
        road.see(t, build.observation("LS15EBC", 400, 300), part)
    road.finish()
    assert road.texts == ["LS15EBC"]


@pytest.mark.parametrize(("fps", "lost_after_s"), [(0.5, 1.5), (10, 0.0), (0.2, 1.5)])
def test_a_camera_slower_than_its_patience_keeps_its_cars(build, fps, lost_after_s):
    road = build.road(tracking=TrackingSection(lost_after_s=lost_after_s))
    road.stand("LS15EBC", build.steps(0, 10 / fps, fps)[:4], (600, 400))
    road.see(60.0)
    assert road.texts == ["LS15EBC"]
    assert road.finals[0].passage.readings == 4


def test_after_a_long_pause_the_same_plate_is_a_new_passage(build, road):
    road.stand("LS15EBC", [0.0, 0.1, 0.2], (600, 400))
    road.stand("LS15EBC", [300.0, 300.1, 300.2], (600, 400))
    road.finish()
    assert [update.passage.readings for update in road.finals] == [3, 3]


def test_reading_records_tell_what_was_read(build, road):
    road.stand("LS15EBC", [0.0, 0.1], (640, 360))
    records = [record for update in road.finish() for record in update.new_readings]
    records = [*road.previews[0].new_readings, *records]
    assert [record.text for record in records] == ["LS15EBC"] * 2
    assert records[0].confidence == pytest.approx(build.reading("LS15EBC").confidence)
    assert records[0].box.center == (0.5, 0.5)


def test_a_parked_car_that_drives_towards_the_camera_is_told(build, road):
    road.stand("LS15EBC", build.steps(0, 60, 5), (600, 400))
    for t in build.steps(60, 63, 5):
        passed_s = t - 60
        x, width = 600 + 20 * passed_s, 100 * (1 + 0.5 * passed_s)
        road.see(t, build.observation("LS15EBC", x, 400 + 60 * passed_s, width))
    road.finish()
    assert road.texts == ["LS15EBC"] * 2


def test_what_no_frame_shows_clearly_is_never_told(build, road):
    """Many readings that err alike look sure together."""
    for t in build.steps(0, 2, 10):
        road.see(t, build.observation(None, 300, 300, reading=build.reading("R6LLVV9", 0.6)))
    assert road.finish() == []
    assert road.previews == road.finals == []


def test_plates_in_view_are_shown_by_the_box_they_were_seen_in(build, road):
    road.see(0.0, build.observation("LS15EBC", 300, 360), build.observation("M4RK", 900, 360))
    first = {plate.text: plate for plate in road.tracker.in_view()}
    assert set(first) == {"LS15EBC", "M4RK"}
    assert first["LS15EBC"].passage is None
    road.see(0.1, build.observation("LS15EBC", 330, 360))
    (plate,) = road.tracker.in_view()
    assert plate.number == first["LS15EBC"].number != first["M4RK"].number
    assert plate.box.center == pytest.approx((330 / build.width, 0.5))
    assert plate.passage == road.previews[0].passage.id


def test_plates_stay_in_view_over_frames_that_nobody_looked_at(build, road):
    road.see(0.0, build.observation("LS15EBC", 300, 360))
    road.tracker.skip(build.frame(0.1))
    assert [plate.text for plate in road.tracker.in_view()] == ["LS15EBC"]
    road.see(0.2)
    assert road.tracker.in_view() == ()


def test_other_settings_count_from_the_next_frame_on(build):
    road = build.road(tracking=TrackingSection(min_readings=1))
    camera = CameraSection("gate", "test")
    left = Zone("left", Polygon(((0, 0), (0.5, 0), (0.5, 1), (0, 1))))
    line = DirectionLine((0.0, 0.9), (1.0, 0.9))
    road.drive("LS15EBC", build.steps(0, 1, 10), lambda t: (900, 200 + 100 * t))
    road.tracker.reconfigure(
        replace(camera, zones=(left,), direction_line=line),
        TrackingSection(min_readings=1, lost_after_s=0.3),
        Grammar(("DE",)),
    )
    road.see(1.2)
    assert not road.finals
    road.see(1.4)
    assert road.texts == ["LS15EBC"]
    road.drive("M0TOR", build.steps(2, 3, 10), lambda t: (900, 300 * t))
    road.drive("AB12CDE", build.steps(4, 5, 10), lambda t: (200, 400 + 300 * (t - 4)))
    road.see(6)
    assert road.texts == ["LS15EBC", "AB12CDE"]
    last = road.finals[-1].passage
    assert (last.zone, last.direction) == ("left", Direction.IN)


def test_same_plate_counts_as_new_as_soon_as_newer_settings_say(build, road):
    road.drive("LS15EBC", build.steps(0, 1, 10), lambda t: (200 + 300 * t, 400))
    road.see(3)
    road.tracker.reconfigure(
        CameraSection("gate", "test"), TrackingSection(same_plate_within_s=0.1), Grammar()
    )
    road.drive("LS15EBC", build.steps(4, 5, 10), lambda t: (200 + 300 * (t - 4), 400))
    road.see(7)
    assert len(road.finals) == 2
