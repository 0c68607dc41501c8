"""Floor 4: what the rules on traps need to know of the rows, counted in the same pass."""
