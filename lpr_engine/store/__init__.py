"""Floor 2: passages, vehicles and the outbox in SQLite, their pictures in files."""
