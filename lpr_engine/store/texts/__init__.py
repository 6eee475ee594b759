"""The distinct texts of all passages in memory, and what can be asked of them all at once."""
