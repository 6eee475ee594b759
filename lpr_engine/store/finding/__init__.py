"""From a filter to the passages it means, a page at a time."""
