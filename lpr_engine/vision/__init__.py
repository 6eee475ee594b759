"""Floor 2: pixels to detections and readings; the model registry; enhancement."""
