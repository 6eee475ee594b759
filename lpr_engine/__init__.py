"""License-plate recognition engine: cameras go in, plate passages come out."""

__version__ = "0.1.0"
