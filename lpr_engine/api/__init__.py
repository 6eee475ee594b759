"""Floor 2: passages over HTTP."""
