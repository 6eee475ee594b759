"""Floor 2: what the machine and the process measure of themselves."""
