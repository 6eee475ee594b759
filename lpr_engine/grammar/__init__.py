"""Floor 1: plate formats of countries and confusion costs between characters; pure data."""
