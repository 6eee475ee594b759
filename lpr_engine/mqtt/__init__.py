"""Floor 2: passages and health to discovery and topics; commands in."""
