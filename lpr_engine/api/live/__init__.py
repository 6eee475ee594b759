"""What the cameras show, as it happens: frames with their boxes, over WebSocket and MJPEG."""
