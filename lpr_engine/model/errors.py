"""The engine's errors: each carries a stable code that the API, MQTT and logs repeat."""


class LprError(Exception):
    """Base of every error the engine raises on purpose.

    `code` is part of the public contract: it never changes once released.
    """

    code = "lpr_error"


class ConfigError(LprError):
    """The configuration cannot be used; the message names file, line and key."""

    code = "config_invalid"


class SourceError(LprError):
    """A camera or file cannot be opened or read; the message has credentials masked."""

    code = "source_failed"


class SourceRefusedError(SourceError):
    """A source can never work as configured (unknown scheme, missing module): no retry."""

    code = "source_refused"


class PictureError(LprError):
    """A picture cannot be decoded or has a layout that no stage accepts."""

    code = "picture_unreadable"


class ModelError(LprError):
    """A detector or reader model is missing, corrupt or does not fit its plate config."""

    code = "model_unusable"


class ModelDownloadError(ModelError):
    """A model could not be downloaded, or what came has another checksum."""

    code = "model_download_failed"


class StoreError(LprError):
    """The database or the media folder refused an operation."""

    code = "store_failed"


class DiskFullError(StoreError):
    """There is no space left to keep a passage or its pictures."""

    code = "disk_full"


class CursorError(LprError):
    """A page of a list was asked for by a cursor that the engine never handed out."""

    code = "cursor_invalid"


class MqttError(LprError):
    """The broker refused the connection or a message."""

    code = "mqtt_failed"


class ApiError(LprError):
    """The HTTP door cannot be opened."""

    code = "api_failed"


class UnknownError(LprError):
    """What is asked for is not there."""

    code = "not_found"


class ConflictError(LprError):
    """What is asked for does not go together with what is there."""

    code = "conflict"


class CommandError(LprError):
    """A command that came in (MQTT, HTTP) is unknown or malformed."""

    code = "command_invalid"


class CommandUnknownError(CommandError):
    """There is no command of that name."""

    code = "command_unknown"


class CommandTooLargeError(CommandError):
    """A command's payload is larger than any command needs."""

    code = "command_too_large"


class CommandBusyError(CommandError):
    """Too many commands came at once; this one was not looked at."""

    code = "command_busy"


class CameraUnknownError(CommandError, UnknownError):
    """A command names a camera that this engine does not have."""

    code = "camera_unknown"


class CameraSilentError(CommandError, ConflictError):
    """A picture is asked for of a camera that has sent none yet."""

    code = "camera_silent"


class SearchError(CommandError):
    """A search asks for what cannot be looked for, such as a malformed pattern."""

    code = "search_invalid"


class SearchTooLongError(SearchError):
    """A search took longer than any search may."""

    code = "search_too_long"
