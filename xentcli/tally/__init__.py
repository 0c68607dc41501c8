"""Floor 4: losses per row, exact sums, the Tally that one pass fills, and the engine that runs the pass."""
