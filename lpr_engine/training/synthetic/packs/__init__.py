"""Plate formats as data, one file for each part of the world; `formats` reads them."""
