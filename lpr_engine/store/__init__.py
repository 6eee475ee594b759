"""Floor 2: passages, vehicles and the outbox in SQLite; media files; retention."""
