"""Floor 2: readings over time to passages; pure, the clock comes with each frame."""
