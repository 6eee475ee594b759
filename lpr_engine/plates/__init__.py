"""Floor 2: confusion-aware matching, lists and verdicts; pure."""
