"""What people put right, for whoever trains a reader on it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from aiohttp import web

from lpr_engine.api.answer import json_answer
from lpr_engine.api.asking import ask
from lpr_engine.api.download import download
from lpr_engine.api.passages import CURSOR, LIMIT
from lpr_engine.api.problem import Fault, RequestError
from lpr_engine.api.remarks_json import correction_to_json
from lpr_engine.api.route import QUERY, Answer, Parameter, Route, page_of
from lpr_engine.api.training_set import TrainingSet
from lpr_engine.api.vehicle_fields import read_moment
from lpr_engine.model.access import Scope
from lpr_engine.model.contract import JsonObject
from lpr_engine.model.passage_actions import CorrectedPassage, CorrectionBook

_TAG: Final = "corrections"
_ZIP: Final = "application/zip"
_AT_ONCE: Final = 100

_SINCE: Final = Parameter(
    "since", {"type": "string", "format": "date-time"}, "Corrected from then on."
)


@dataclass(frozen=True, slots=True)
class CorrectionRoutes:
    """The handlers; `picture` gives a crop's bytes, None where it was removed."""

    book: CorrectionBook
    picture: Callable[[str], bytes | None]

    def routes(self) -> tuple[Route, ...]:
        """As JSON, and as a training set."""
        page = Answer(200, "A page.", page_of("Correction"))
        archive = Answer(200, "Crops, and `labels.csv`.", {"type": "string"}, _ZIP)
        return (
            Route("GET", "/api/v1/corrections", self.corrections, Scope.READ,
                  "Corrected passages, last corrected first", _TAG, (page,),
                  (LIMIT, CURSOR, _SINCE)),
            Route("GET", "/api/v1/corrections.zip", self.export, Scope.READ,
                  "Corrected crops as a training set", _TAG, (archive,), (_SINCE,), lasting=True,
                  description="A zip whose folder `lpr-engine train reader --data` takes as it is;"
                  " crops that retention has removed are missing."),
        )  # fmt: skip

    def schemas(self) -> Mapping[str, JsonObject]:
        """Those of passages' remarks are theirs too."""
        return {}

    async def corrections(self, request: web.Request) -> web.Response:
        """A page of corrections."""
        query = request[QUERY]
        limit, cursor, since = query["limit"], query.get("cursor"), _since(request)
        page = await ask(lambda: self.book.page(limit, cursor, since))
        items = [correction_to_json(one) for one in page.corrections]
        return json_answer({"items": items, "next_cursor": page.next_cursor})

    async def export(self, request: web.Request) -> web.StreamResponse:
        """All corrections with their crops, in constant memory but for the table."""
        return await download(request, "corrections.zip", _ZIP, self._archive(_since(request)))

    async def _archive(self, since: datetime | None) -> AsyncIterator[bytes]:
        training_set = TrainingSet()
        async for corrected in self._all(since):
            await self._add(training_set, corrected)
            yield training_set.take()
        training_set.finish()
        yield training_set.take()

    async def _add(self, training_set: TrainingSet, corrected: CorrectedPassage) -> None:
        crop = corrected.passage.crop
        if crop is None or not training_set.wants(corrected):
            return
        picture = await ask(lambda: self.picture(crop))
        if picture is not None:
            training_set.add(corrected, picture)

    async def _all(self, since: datetime | None) -> AsyncIterator[CorrectedPassage]:
        cursor: str | None = None
        more = True
        while more:
            page = await ask(partial(self.book.page, _AT_ONCE, cursor, since))
            for corrected in page.corrections:
                yield corrected
            cursor = page.next_cursor
            more = cursor is not None


def _since(request: web.Request) -> datetime | None:
    written = request[QUERY].get("since")
    if written is None:
        return None
    try:
        return read_moment(written)
    except ValueError as err:
        fault = Fault("query.since", str(err))
        raise RequestError("The query is not as this route takes it.", [fault]) from err
