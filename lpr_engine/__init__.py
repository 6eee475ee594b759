"""License-plate recognition engine: cameras go in, plate passages come out."""

import os

__version__ = "0.1.0"

# ONNX Runtime's official builds report sessions and models to their maker unless this stands in
# the environment before they are loaded. Nothing of a home leaves it: no user can switch that off.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
# Ultralytics (training only) likewise asks its servers for fonts, settings and news.
os.environ.setdefault("YOLO_OFFLINE", "true")
