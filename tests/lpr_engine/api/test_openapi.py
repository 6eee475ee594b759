"""The OpenAPI document: valid, complete, and true to the contract's examples."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from openapi_spec_validator import OpenAPIV31SpecValidator

from lpr_engine.api.openapi import describe, operation_id
from lpr_engine.api.route import Answer, Route
from lpr_engine.api.table import RouteTable
from lpr_engine.api.validation import Validator
from tests.lpr_engine.api.whole_door import document_of, whole_door

CONTRACT = Path(__file__).parents[2] / "contract"
EXAMPLES = {
    "passage.json": "Passage",
    "health.json": "Health",
    "problem.json": "Problem",
    "alive.json": "Alive",
    "readiness.json": "Readiness",
    "vehicle.json": "Vehicle",
    "list.json": "List",
    "explanation.json": "Explanation",
    "import_report.json": "ImportReport",
    "remarks.json": "Remarks",
    "correction.json": "Correction",
    "tag.json": "Tag",
    "camera.json": "Camera",
    "live_frame.json": "LiveFrame",
    "live_state.json": "LiveState",
    "event_wish.json": "EventWish",
    "event_hello.json": "EventHello",
    "event_passage.json": "EventPassage",
    "event_passage_missed.json": "EventPassage",
    "event_removed.json": "EventRemoved",
    "event_expired.json": "EventExpired",
    "event_live.json": "EventLive",
    "event_camera.json": "EventCamera",
    "event_health.json": "EventHealth",
    "event_heartbeat.json": "EventHeartbeat",
    "event_error.json": "EventError",
    "configuration.json": "Config",
    "config_plan.json": "ConfigPlan",
    "backup.json": "Backup",
    "backup_job.json": "BackupJob",
    "staged_restore.json": "StagedRestore",
}


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    with whole_door(tmp_path_factory.mktemp("door")) as url:
        yield document_of(url)


def test_document_is_valid(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    named = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(document)))
    assert named - set(document["components"]["schemas"]) == set()


def test_every_named_schema_is_one(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    assert len([Validator(schema, schemas) for schema in schemas.values()]) > 10


def test_operations_have_names_of_their_own_and_are_told_in_words(document: dict[str, Any]) -> None:
    operations = [one for methods in document["paths"].values() for one in methods.values()]
    names = [one["operationId"] for one in operations]
    assert len(names) == len(set(names))
    assert all(one["summary"] and one["tags"] for one in operations)
    assert {"/healthz", "/readyz", "/metrics", "/api/v1/health"} <= set(document["paths"])


def test_examples_of_bodies_and_answers_fit_their_schemas(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    found: list[object] = []
    for path, methods in document["paths"].items():
        for operation in methods.values():
            answers = operation["responses"].values()
            for part in (operation.get("requestBody", {}), *answers):
                for content in part.get("content", {}).values():
                    if "example" in content:
                        faults = Validator(content["schema"], schemas).faults(
                            content["example"], path
                        )
                        found += faults
    assert found == []


@pytest.mark.parametrize(("file", "schema"), EXAMPLES.items())
def test_contract_examples_fit_their_schemas(
    document: dict[str, Any], file: str, schema: str
) -> None:
    schemas = document["components"]["schemas"]
    example = json.loads((CONTRACT / file).read_text(encoding="utf-8"))
    assert Validator(schemas[schema], schemas).faults(example, file) == []
    assert set(example) <= set(schemas[schema]["properties"])


class Twice:
    """A group with the same route as another."""

    def __init__(self, schemas: dict[str, Any]) -> None:
        self._schemas = schemas

    async def handle(self, _request: web.Request) -> web.Response:
        return web.Response()

    def routes(self) -> tuple[Route, ...]:
        answers = (Answer(200, "ok"),)
        return (Route("GET", "/api/v1/a-b/{c}", self.handle, None, "s", "odd", answers),)

    def schemas(self) -> dict[str, Any]:
        return self._schemas


def test_a_route_or_schema_that_is_there_already_is_refused() -> None:
    table = RouteTable([Twice({"A": {}})])
    with pytest.raises(ValueError, match="twice"):
        table.add(Twice({}))
    other = RouteTable([])
    other._schemas["A"] = {"type": "string"}
    with pytest.raises(ValueError, match="named A"):
        other.add(Twice({"A": {}}))


def test_values_of_paths_are_described_though_nobody_did() -> None:
    table = RouteTable([Twice({})])
    operation = describe(table, "1")["paths"]["/api/v1/a-b/{c}"]["get"]
    assert operation["parameters"][0] | {"schema": {}} == {
        "name": "c", "in": "path", "required": True, "schema": {},
    }  # fmt: skip
    assert operation_id(table.routes[0]) == "get_a_b_c"
    assert "404" in operation["responses"]
    assert "401" not in operation["responses"]
