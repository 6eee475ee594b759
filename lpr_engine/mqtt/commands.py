"""Commands over MQTT: JSON on command topics, plain texts of Home Assistant's entities."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from typing import Any

import voluptuous as vol

from lpr_engine.model.contract import CONTRACT_VERSION, JsonObject
from lpr_engine.model.errors import (
    CameraUnknownError,
    CommandBusyError,
    CommandError,
    CommandTooLargeError,
    CommandUnknownError,
    LprError,
)
from lpr_engine.model.ports import CommandHandler
from lpr_engine.mqtt.messages import LARGEST_COMMAND, Incoming
from lpr_engine.mqtt.topics import Topics, is_answer_id

_LOGGER = logging.getLogger(__name__)

_SHOWN = 80
_SWITCH = {"ON": True, "OFF": False}


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise vol.BooleanInvalid("expected true or false")
    return value


def _fraction(value: Any) -> float:
    """A number from 0 to 1; booleans and NaN are none, though Python would count them."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise vol.Invalid("expected a number")
    if not 0 <= value <= 1:
        raise vol.Invalid("expected a number from 0 to 1")
    return float(value)


_CAMERA = {vol.Required("camera"): str, vol.Optional("id"): str}

_SCHEMAS = {
    "camera_enable": vol.Schema({**_CAMERA, vol.Required("enabled"): _boolean}),
    "confidence": vol.Schema({**_CAMERA, vol.Required("value"): _fraction}),
    "snapshot": vol.Schema(_CAMERA),
}


class Commands:
    """Checks what is asked, lets the handler do it, and words the answer."""

    def __init__(self, handler: CommandHandler, topics: Topics, cameras: frozenset[str]) -> None:
        self._handler = handler
        self._topics = topics
        self._cameras = cameras
        self._calls: dict[str, Callable[[Mapping[str, Any]], JsonObject]] = {
            "camera_enable": self._camera_enable,
            "confidence": self._confidence,
            "snapshot": self._snapshot,
        }

    def answer(self, request: Incoming) -> tuple[str, JsonObject] | None:
        """Do what a request asks; returns where its answer goes and the answer, if anywhere."""
        setting = self._topics.setting_of(request.topic)
        if setting is not None:
            self._apply(request, *setting)
            return None
        name = self._topics.command_of(request.topic)
        if name is None:
            return None
        identifier, answer = self._perform(request, name)
        target = self._answer_topic(request, identifier)
        return None if target is None else (target, answer)

    def _perform(self, request: Incoming, name: str) -> tuple[str | None, JsonObject]:
        identifier = None
        answer: JsonObject = {"contract": CONTRACT_VERSION, "id": None, "command": name[:_SHOWN]}
        try:
            data = _object(request)
            identifier = answer["id"] = _identifier(data)
            result = self._call(name, data)
        except LprError as err:
            _LOGGER.warning("Command %r refused: %s", name[:_SHOWN], err)
            error = {"code": err.code, "message": str(err)}
            return identifier, {**answer, "ok": False, "error": error}
        _LOGGER.info("Command %s done", name)
        return identifier, {**answer, "ok": True, "result": result}

    def _call(self, name: str, data: Mapping[str, Any]) -> JsonObject:
        schema = _SCHEMAS.get(name)
        if schema is None:
            raise CommandUnknownError(f"no command {_shown(name)}; known: {', '.join(_SCHEMAS)}")
        try:
            request = schema(data)
        except vol.MultipleInvalid as err:
            raise CommandError("; ".join(_worded(error) for error in err.errors)) from err
        if request["camera"] not in self._cameras:
            raise CameraUnknownError(f"no camera {_shown(request['camera'])}")
        return self._calls[name](request)

    def _apply(self, request: Incoming, camera: str, thing: str) -> None:
        try:
            name, data = _setting_command(request, thing)
            self._call(name, {"camera": camera, **data})
        except LprError as err:
            _LOGGER.warning(
                "Setting %s of camera %s refused: %s", _shown(thing), _shown(camera), err
            )

    def _answer_topic(self, request: Incoming, identifier: str | None) -> str | None:
        if request.response_topic is not None:
            if self._topics.may_answer_to(request.response_topic):
                return request.response_topic
            _LOGGER.warning("No answer to %s: not a place for answers", request.response_topic)
            return None
        return None if identifier is None else self._topics.answer(identifier)

    def _camera_enable(self, request: Mapping[str, Any]) -> JsonObject:
        self._handler.enable_camera(request["camera"], request["enabled"])
        return {"camera": request["camera"], "enabled": request["enabled"]}

    def _confidence(self, request: Mapping[str, Any]) -> JsonObject:
        self._handler.set_confidence(request["camera"], request["value"])
        return {"camera": request["camera"], "value": request["value"]}

    def _snapshot(self, request: Mapping[str, Any]) -> JsonObject:
        frame = self._handler.take_snapshot(request["camera"])
        return {"camera": request["camera"], "frame": frame}


def _checked(request: Incoming) -> bytes:
    if len(request.payload) > LARGEST_COMMAND:
        raise CommandTooLargeError(f"a command has at most {LARGEST_COMMAND} bytes")
    if request.overflow:
        raise CommandBusyError("too many commands at once; send this one again")
    return request.payload


def _object(request: Incoming) -> JsonObject:
    try:
        data = json.loads(_checked(request))
    except (ValueError, RecursionError) as err:
        raise CommandError(f"not JSON: {err}") from err
    if not isinstance(data, dict):
        raise CommandError(f"expected a JSON object, got {type(data).__name__}")
    return data


def _identifier(data: JsonObject) -> str | None:
    identifier = data.get("id")
    if identifier is None:
        return None
    if not isinstance(identifier, str) or not is_answer_id(identifier):
        raise CommandError("id: expected 1 to 64 of A-Z, a-z, 0-9, _ and -")
    return identifier


def _setting_command(request: Incoming, thing: str) -> tuple[str, JsonObject]:
    """The command that a plain text of an entity means."""
    text = _checked(request).decode("utf-8", "replace").strip()
    if thing == "enabled":
        if text not in _SWITCH:
            raise CommandError(f"expected ON or OFF, got {_shown(text)}")
        return "camera_enable", {"enabled": _SWITCH[text]}
    if thing == "confidence":
        return "confidence", {"value": _number(text)}
    if thing == "snapshot":
        return "snapshot", {}
    raise CommandUnknownError(f"no setting {_shown(thing)}; known: enabled, confidence, snapshot")


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError as err:
        raise CommandError(f"expected a number, got {_shown(text)}") from err


def _worded(error: vol.Invalid) -> str:
    path = ".".join(_shown(str(part)) for part in error.path)
    return f"{path}: {error.msg}" if path else error.msg


def _shown(text: str) -> str:
    """A foreign text for a message: printable and short."""
    return ascii(text[:_SHOWN]).strip("'\"")
