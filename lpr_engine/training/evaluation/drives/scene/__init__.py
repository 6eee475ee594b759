"""Drawn drive-bys: a street by day and night, cars that pass, and a camera that records them."""
