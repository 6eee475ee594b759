"""Floor 2: streams to frames (RTSP, HTTP, file, V4L2, CSI, picture folder)."""
