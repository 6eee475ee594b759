"""What people do to passages: correct, tag, note and remove them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from aiohttp import web

from lpr_engine.api.answer import json_answer, tagged_answer
from lpr_engine.api.asking import ask
from lpr_engine.api.passages import CURSOR, LIMIT, PASSAGE_ID
from lpr_engine.api.precondition import OVERTAKEN
from lpr_engine.api.problem import Fault, RequestError
from lpr_engine.api.remarks_json import remarks_to_json
from lpr_engine.api.route import (
    BODY,
    PRINCIPAL,
    QUERY,
    Answer,
    Body,
    Parameter,
    Route,
    page_of,
    reference,
)
from lpr_engine.api.schemas.remarks import SCHEMAS
from lpr_engine.api.vehicle_fields import (
    MOST_NOTE,
    NAME,
    composed,
    read_display,
    read_plate,
    read_text,
)
from lpr_engine.model.access import Scope
from lpr_engine.model.contract import JsonObject, passage_to_json
from lpr_engine.model.passage_actions import Correction, PassageActions, PassageRemarks, Remarks

T = TypeVar("T")

_TAG: Final = "passages"
_PATH: Final = "/api/v1/passages/{id}"
_REVISION: Final = Parameter(
    "revision",
    {"type": "integer", "minimum": 1},
    "The revision that you saw; any other is refused.",
)
_TAG_NAME: Final = Parameter("tag", {"type": "string", "pattern": NAME}, "The tag.")


@dataclass(frozen=True, slots=True)
class PassageActionRoutes:
    """The handlers, over those who act and those who keep what is said."""

    actions: PassageActions
    remarks: PassageRemarks

    def routes(self) -> tuple[Route, ...]:
        """Everything that can be done to one passage."""
        ids, tagged = (PASSAGE_ID,), (PASSAGE_ID, _TAG_NAME)
        passage = Answer(200, "The passage as it is now.", reference("Passage"))
        said = Answer(200, "All that was said of it.", reference("Remarks"))
        gone = Answer(204, "It is gone.")
        tags = Answer(200, "A page.", page_of("Tag"))
        early = Answer(409, "Its vehicle is still in sight.")
        full = Answer(409, "It has as many tags as it may have.")
        right = Body(reference("CorrectionInput"), example={"text": "AB 123 CD", "revision": 2})
        note = Body(reference("NoteInput"), "An empty text is no note.", example={"text": "towed"})
        operate, read = Scope.OPERATE, Scope.READ
        return (
            Route("PUT", f"{_PATH}/correction", self.correct, operate, "Put a plate's text right",
                  _TAG, (passage, early, OVERTAKEN), values=ids, body=right, description=(
                      "The next revision, judged anew. It opens nothing, and is sent to everyone"
                      " once. What was read stays beside it and can train the reader.")),
            Route("GET", f"{_PATH}/remarks", self.said, read, "What people said of a passage",
                  _TAG, (said,), values=ids),
            Route("PUT", f"{_PATH}/tags/{{tag}}", self.tag, operate, "Tag a passage", _TAG,
                  (said, full), values=tagged),
            Route("DELETE", f"{_PATH}/tags/{{tag}}", self.untag, operate, "Take a tag away", _TAG,
                  (said,), values=tagged),
            Route("PUT", f"{_PATH}/note", self.note, operate, "Write a note to a passage", _TAG,
                  (said,), values=ids, body=note),
            Route("DELETE", _PATH, self.remove, operate, "Remove a passage", _TAG,
                  (gone, early, OVERTAKEN), (_REVISION,), values=ids, description=(
                      "With its readings, and with its pictures that no other passage shows. What"
                      " was not sent yet never is; what was sent cannot be called back.")),
            Route("GET", "/api/v1/tags", self.tags, read, "All tags of passages", _TAG, (tags,),
                  (LIMIT, CURSOR)),
        )  # fmt: skip

    def schemas(self) -> Mapping[str, JsonObject]:
        """What they take and answer, corrections included."""
        return SCHEMAS

    async def correct(self, request: web.Request) -> web.Response:
        """The passage with the text that a person says."""
        body: Any = request[BODY]
        text, display = _read("text", lambda: read_plate(body["text"]))
        if body.get("display"):
            display = _read("display", lambda: read_display(body["display"], text))
        correction = Correction(
            _id(request), text, request[PRINCIPAL].name, display, body.get("revision")
        )
        passage = await ask(lambda: self.actions.correct(correction))
        return json_answer(passage_to_json(passage, late=True))

    async def remove(self, request: web.Request) -> web.Response:
        """One passage less."""
        revision = request[QUERY].get("revision")
        await ask(lambda: self.actions.remove(_id(request), revision))
        return web.Response(status=204)

    async def said(self, request: web.Request) -> web.Response:
        """All that was said of a passage."""
        remarks = await ask(lambda: self.remarks.of(_id(request)))
        return tagged_answer(request, remarks_to_json(remarks))

    async def tag(self, request: web.Request) -> web.Response:
        """One tag more, unless it is there."""
        return await _answer(lambda: self.remarks.tag(_id(request), _name(request)))

    async def untag(self, request: web.Request) -> web.Response:
        """One tag less, if it is there."""
        return await _answer(lambda: self.remarks.untag(_id(request), _name(request)))

    async def note(self, request: web.Request) -> web.Response:
        """Another note."""
        body: Any = request[BODY]
        text = _read("text", lambda: read_text(body["text"], MOST_NOTE, lines=True))
        name = request[PRINCIPAL].name
        return await _answer(lambda: self.remarks.note(_id(request), text, name))

    async def tags(self, request: web.Request) -> web.Response:
        """A page of tags."""
        query = request[QUERY]
        page = await ask(lambda: self.remarks.tags(query["limit"], query.get("cursor")))
        items = [{"name": tag.name, "passages": tag.passages} for tag in page.tags]
        return json_answer({"items": items, "next_cursor": page.next_cursor})


def _id(request: web.Request) -> str:
    return request.match_info["id"]


def _name(request: web.Request) -> str:
    return composed(request.match_info["tag"])


def _read(key: str, parse: Callable[[], T]) -> T:
    try:
        return parse()
    except ValueError as err:
        fault = Fault(f"body.{key}", str(err))
        raise RequestError("The body makes no sense.", [fault]) from err


async def _answer(act: Callable[[], Remarks]) -> web.Response:
    return json_answer(remarks_to_json(await ask(act)))
