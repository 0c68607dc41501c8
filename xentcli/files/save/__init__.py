"""Floor 2: labels become a file; one kind of format per module."""
