"""The names of all topics that one engine speaks and listens on."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lpr_engine.config.sections import MqttSection

_ANSWER_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class Topics:
    """Topics under `<prefix>/<engine>` and the discovery topics of its devices."""

    engine: str
    prefix: str = "lpr"
    discovery_prefix: str = "homeassistant"

    @classmethod
    def of(cls, section: MqttSection, engine: str) -> Topics:
        """The topics of an engine as its configuration names the prefixes."""
        return cls(engine, section.topic_prefix, section.discovery_prefix)

    @property
    def base(self) -> str:
        """What all of the engine's own topics begin with, without a slash at the end."""
        return f"{self.prefix}/{self.engine}"

    @property
    def status(self) -> str:
        """Retained `online` or `offline`, the last will."""
        return f"{self.base}/status"

    @property
    def announce(self) -> str:
        """Retained: who this engine is."""
        return f"{self.base}/announce"

    @property
    def health(self) -> str:
        """Retained: figures of the host and the pipeline."""
        return f"{self.base}/health"

    @property
    def passage(self) -> str:
        """Each revision of each passage."""
        return f"{self.base}/passage"

    def camera(self, camera: str, leaf: str) -> str:
        """One camera's topic: `event`, `state` or `crop`."""
        return f"{self.base}/camera/{camera}/{leaf}"

    def setting(self, camera: str, thing: str) -> str:
        """Where Home Assistant's switch, number and button of a camera write to."""
        return f"{self.base}/camera/{camera}/set/{thing}"

    def answer(self, identifier: str) -> str:
        """Where the answer to a command goes that named no response topic."""
        return f"{self.base}/answer/{identifier}"

    @property
    def command_filter(self) -> str:
        """Subscription to all commands."""
        return f"{self.base}/command/+"

    @property
    def setting_filter(self) -> str:
        """Subscription to all settings of all cameras."""
        return f"{self.base}/camera/+/set/+"

    @property
    def home_assistant_status(self) -> str:
        """Home Assistant's birth and will."""
        return f"{self.discovery_prefix}/status"

    @property
    def engine_discovery(self) -> str:
        """Retained: the engine as a Home Assistant device."""
        return f"{self.discovery_prefix}/device/lpr_{self.engine}/config"

    def camera_discovery(self, camera: str) -> str:
        """Retained: a camera as a Home Assistant device."""
        return f"{self.discovery_prefix}/device/lpr_{self.engine}_{camera}/config"

    def command_of(self, topic: str) -> str | None:
        """The name of a command from its topic, None for another topic."""
        head, _, name = topic.rpartition("/")
        return name if head == f"{self.base}/command" else None

    def setting_of(self, topic: str) -> tuple[str, str] | None:
        """(camera, thing) from a setting's topic, None for another topic."""
        head, _, tail = topic.partition(f"{self.base}/camera/")
        parts = tail.split("/")
        if head or len(parts) != 3 or parts[1] != "set":
            return None
        return parts[0], parts[2]

    def may_answer_to(self, topic: str) -> bool:
        """Whether a requester may have its answer there: no wildcards, no topic of state.

        Otherwise whoever may send a command could write passages or devices in our name.
        """
        if not topic or topic.startswith("$") or any(sign in topic for sign in "+#\0"):
            return False
        own = topic.startswith(f"{self.base}/") and not topic.startswith(f"{self.base}/answer/")
        return not own and not topic.startswith(f"{self.discovery_prefix}/")


def is_answer_id(text: str) -> bool:
    """Whether a request's `id` can be the last level of an answer topic."""
    return _ANSWER_ID.fullmatch(text) is not None
