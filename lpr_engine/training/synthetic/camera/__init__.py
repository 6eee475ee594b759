"""Cameras: what stands between a drawn plate and the crop that a reader gets of it."""
