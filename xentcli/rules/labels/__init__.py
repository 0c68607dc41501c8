"""Floor 6: rules on labels, XE1, grouped by what they look at."""
