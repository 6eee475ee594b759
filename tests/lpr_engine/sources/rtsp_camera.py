"""An RTSP camera for tests: `rtsp_camera.py PORT [USER PASSWORD]`, run by the system's Python.

It shows H.264 video, one key frame a second, and prints its port once it listens.
"""

import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402 - versions come first

Gst.init(None)

PICTURE = (
    "( videotestsrc is-live=true pattern=white ! video/x-raw,width=320,height=240,framerate=25/1 "
    "! x264enc tune=zerolatency speed-preset=ultrafast key-int-max=25 ! rtph264pay name=pay0 )"
)
if not Gst.ElementFactory.find("x264enc") or not Gst.ElementFactory.find("rtph264pay"):
    sys.exit("gstreamer1.0-plugins-good or gstreamer1.0-plugins-ugly is missing")

server = GstRtspServer.RTSPServer.new()
server.set_service(sys.argv[1])
factory = GstRtspServer.RTSPMediaFactory.new()
factory.set_launch(PICTURE)
factory.set_shared(True)
if len(sys.argv) > 2:
    user, password = sys.argv[2:4]
    auth = GstRtspServer.RTSPAuth.new()
    token = GstRtspServer.RTSPToken.new()
    token.set_string("media.factory.role", "user")
    auth.add_basic(GstRtspServer.RTSPAuth.make_basic(user, password), token)
    server.set_auth(auth)
    permissions = GstRtspServer.RTSPPermissions.new()
    permissions.add_permission_for_role("user", "media.factory.access", True)
    permissions.add_permission_for_role("user", "media.factory.construct", True)
    factory.set_permissions(permissions)
server.get_mount_points().add_factory("/live", factory)
server.attach(None)
sys.stdout.write(f"{server.get_bound_port()}\n")
sys.stdout.flush()
GLib.MainLoop().run()
