"""Floor 4: the command `lpr-engine`."""
