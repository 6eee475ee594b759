"""Floor 3: pictures and synthetic plates to data sets, weights and comparison reports."""
