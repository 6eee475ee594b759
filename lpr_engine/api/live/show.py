"""What one viewer is sent on a WebSocket: frames, and in between whether any are to be expected."""

from __future__ import annotations

from lpr_engine.api.camera_desk import CameraDesk
from lpr_engine.api.conversation import Conversation
from lpr_engine.api.live.feed import LiveFeed
from lpr_engine.api.live.message import frame_header, pack
from lpr_engine.api.live.viewer import Viewer
from lpr_engine.model.contract import CONTRACT_VERSION
from lpr_engine.model.figures import CameraFigures
from lpr_engine.model.live import PictureForm
from lpr_engine.model.wire import encode

_LOOK_EVERY_S = 1.0


class Show:
    """One camera for one viewer, in the form they asked for."""

    def __init__(
        self, desk: CameraDesk, feed: LiveFeed, camera: str, form: PictureForm, viewer: Viewer
    ) -> None:
        self._desk = desk
        self._feed = feed
        self._camera = camera
        self._form = form
        self._viewer = viewer
        self._told: tuple[str, bool] | None = None

    async def run(self, to: Conversation) -> None:
        """Show until somebody ends it.

        Raises:
            ConnectionError: the viewer is gone.
        """
        with self._feed.watching(self._camera, self._viewer):
            await self._tell_state(to)
            while True:
                shot = await self._viewer.next(_LOOK_EVERY_S)
                await self._tell_state(to)
                if shot is None:
                    continue
                jpeg = await self._feed.jpeg(shot, self._form)
                header = frame_header(shot.shown, self._form, self._viewer.dropped)
                await to.send_binary(pack(header, jpeg))

    async def _tell_state(self, to: Conversation) -> None:
        """Say how the camera is whenever that has changed."""
        camera = self._desk.one(self._camera)
        state = camera.health.value, camera.enabled
        if state == self._told:
            return
        self._told = state
        await to.send_text(state_message(camera))


def state_message(camera: CameraFigures) -> bytes:
    """Whether frames of a camera are to be expected."""
    return encode(
        {
            "contract": CONTRACT_VERSION,
            "type": "state",
            "camera": camera.camera,
            "health": camera.health.value,
            "enabled": camera.enabled,
        }
    )
