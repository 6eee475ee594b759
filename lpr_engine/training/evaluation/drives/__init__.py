"""Drive-bys: drawn passages with known plates, and how the engine's passages come out."""
