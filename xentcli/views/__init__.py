"""Floor 8: finished results become text; one output format per file."""
