"""Floor 4: where concrete classes meet and become an engine."""
