"""The reader's report as tables for people, as JSON, and as rows of a CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

from rich.table import Table

from lpr_engine.model.contract import JsonObject
from lpr_engine.training.evaluation.reader.edits import confusions
from lpr_engine.training.evaluation.reader.figures import Figures, PlateRow, ReaderReport, Way
from lpr_engine.training.evaluation.spelling import folded

NOTHING = "–"  # noqa: RUF001 - a dash as wide as a letter, for a sign that is not there
_SHOWN_CONFUSIONS = 12
_SHOWN_SETS = 16
_LOOKS = {Way.ONE_LOOK: "1", Way.SECOND_LOOK: "2"}
_CAPTION = (
    "looks: whether doubtful crops got a second one, as the engine gives them;\n"
    "CER: signs wrong, missing or too many; ECE: expected calibration error, 15 bins;\n"
    "luck: what of it a perfectly calibrated reader would show on so few plates;\n"
    "O=0: exact, O counting as 0 and I as 1; bare: exact without the plate formats;\n"
    "ms: processor time, one core, median"
)


def report_table(report: ReaderReport) -> Table:
    """A row for each set and way, and for all sets together."""
    has_regions = bool(report.total().regions_right)
    table = Table(title="Plates read on true boxes", caption=_CAPTION)
    table.add_column("set", no_wrap=True)
    table.add_column("looks", justify="right", no_wrap=True)
    headings = ["plates", "exact %", "O=0 %", "bare %", "CER %", "sure %", "ECE %", "luck", "ms"]
    for heading in headings + ["reg. %"] * has_regions:
        table.add_column(heading, justify="right", no_wrap=True)
    sets = _shown_sets(report)
    for ways in sets:
        _add(table, ways, has_regions=has_regions)
    if len(sets) > 1:
        _add(table, [report.total(way) for way in Way], has_regions=has_regions)
    return table


def _shown_sets(report: ReaderReport) -> list[tuple[Figures, ...]]:
    """Each set in every way; of very many sets the largest ones, and the others as one."""
    sets = list(zip(*(report.sets(way) for way in Way), strict=True))
    if len(sets) <= _SHOWN_SETS:
        return sets
    sets.sort(key=lambda ways: -ways[0].plates)
    few, many = sets[: _SHOWN_SETS - 1], sets[_SHOWN_SETS - 1 :]
    rows = tuple(row for ways in many for row in ways[0].rows)
    name = f"{len(many)} others"
    return [*few, tuple(Figures(name, way, rows, report.regions) for way in Way)]


def _add(table: Table, ways: Sequence[Figures], *, has_regions: bool) -> None:
    """One set's rows; only the first names it."""
    is_total = ways[0].name == "total"
    for number, figures in enumerate(ways):
        cells = _cells(figures) + ([_region(figures)] if has_regions else [])
        head = [figures.name, _LOOKS[figures.way], str(figures.plates)]
        if number:
            head[0], head[2] = "", ""
        table.add_row(*head, *cells, style="bold" if is_total else None)
    table.add_section()


def _cells(figures: Figures) -> list[str]:
    counts = (figures.exact, figures.exact_folded, figures.exact_bare)
    return [
        *(f"{100 * count / max(1, figures.plates):.1f}" for count in counts),
        f"{100 * figures.character_error_rate:.2f}",
        f"{100 * figures.confidence:.1f}",
        f"{100 * figures.calibration_error:.1f}",
        f"{100 * figures.calibration_error_by_chance:.1f}",
        f"{figures.crop_ms:.1f}",
    ]


def _region(figures: Figures) -> str:
    right = figures.regions_right
    return f"{100 * sum(right) / len(right):.1f}" if right else NOTHING


def confusion_table(report: ReaderReport) -> Table:
    """The signs that were most often taken for others, over all sets, second look."""
    table = Table(title="Most frequent confusions, second look", box=None, title_justify="left")
    table.add_column("wanted > read")
    for heading in ("count", "of all mistakes"):
        table.add_column(heading, justify="right", no_wrap=True)
    frequent = frequent_confusions(report)
    total = sum(count for _, _, count in frequent)
    for wanted, read, count in frequent[:_SHOWN_CONFUSIONS]:
        signs = f"{wanted or NOTHING} > {read or NOTHING}"
        table.add_row(signs, str(count), f"{100 * count / total:.0f} %")
    return table


def frequent_confusions(report: ReaderReport) -> list[tuple[str, str, int]]:
    """Wanted sign, sign read, how often; the most frequent first, empty for no sign."""
    counts = confusions(report.total().pairs)
    wrong = [(*pair, count) for pair, count in counts.items() if pair[0] != pair[1]]
    return sorted(wrong, key=lambda entry: (-entry[2], entry[0], entry[1]))


def report_to_json(report: ReaderReport) -> JsonObject:
    """The report with every plate's answers, ready for `json.dumps`."""
    return {
        "sets": [
            {"name": ways[0].name, **_ways(ways)}
            for ways in zip(*(report.sets(way) for way in Way), strict=True)
        ],
        "total": _ways([report.total(way) for way in Way]),
        "confusions": [
            {"wanted": wanted, "read": read, "count": count}
            for wanted, read, count in frequent_confusions(report)
        ],
        "rows": [_row_to_json(row) for row in report.rows],
    }


def _ways(ways: Sequence[Figures]) -> dict[str, Any]:
    return {_key(figures.way): _figures_to_json(figures) for figures in ways}


def _key(way: Way) -> str:
    return way.value.replace(" ", "_")


def _figures_to_json(figures: Figures) -> dict[str, Any]:
    plates = max(1, figures.plates)
    regions = figures.regions_right
    return {
        "plates": figures.plates,
        "exact": figures.exact,
        "exact_share": round(figures.exact / plates, 4),
        "exact_folded": figures.exact_folded,
        "exact_folded_share": round(figures.exact_folded / plates, 4),
        "exact_without_prior": figures.exact_bare,
        "exact_without_prior_share": round(figures.exact_bare / plates, 4),
        "character_error_rate": round(figures.character_error_rate, 4),
        "confidence": round(figures.confidence, 4),
        "expected_calibration_error": round(figures.calibration_error, 4),
        "expected_calibration_error_by_chance": round(figures.calibration_error_by_chance, 4),
        "crop_ms": round(figures.crop_ms, 3),
        "crop_ms_mean": round(figures.crop_ms_mean, 3),
        "regions": len(regions),
        "regions_right": sum(regions),
        "bins": [
            {
                "start": round(one.start, 4),
                "end": round(one.end, 4),
                "count": one.count,
                "confidence": round(one.confidence, 4),
                "right": round(one.right, 4),
            }
            for one in figures.bins
        ],
    }


def _row_to_json(row: PlateRow) -> dict[str, Any]:
    plate = row.plate
    return {
        "set": plate.group,
        "picture": str(plate.picture),
        "plate": plate.text,
        "region": plate.region,
        **{_key(way): _answer_to_json(row, way) for way in Way},
    }


def _answer_to_json(row: PlateRow, way: Way) -> dict[str, Any]:
    answer, cause = row.answers[way], row.cause(way)
    return {
        "text": answer.text,
        "confidence": round(answer.confidence, 4),
        "text_without_prior": answer.bare_text,
        "exact": cause is None,
        "exact_folded": folded(row.plate.text) == folded(answer.text),
        "cause": cause.name.lower() if cause is not None else None,
        "region": answer.region or None,
        "cost_ms": round(answer.cost_ms, 3),
    }


def rows_as_csv(report: ReaderReport) -> str:
    """A line for each plate, what each way gave in columns of its own."""
    page = io.StringIO()
    lines = [_flat(_row_to_json(row)) for row in report.rows]
    table = csv.DictWriter(page, list(lines[0]) if lines else [], lineterminator="\n")
    table.writeheader()
    table.writerows(lines)
    return page.getvalue()


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in row.items():
        if isinstance(value, dict):
            flat |= {f"{key}_{inner}": one for inner, one in value.items()}
        else:
            flat[key] = value
    return flat
