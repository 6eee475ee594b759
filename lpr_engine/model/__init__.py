"""Floor 0: the frozen values, errors and ports that every other room speaks in."""
