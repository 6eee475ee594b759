"""Everything that is kept as one file: written beside the writer, checked, and put back."""
