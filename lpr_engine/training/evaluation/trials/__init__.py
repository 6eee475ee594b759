"""What settings and parts of vision gain and cost, each tried against the others."""
