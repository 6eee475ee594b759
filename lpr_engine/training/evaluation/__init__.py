"""How well plates are found and read on labelled pictures."""
