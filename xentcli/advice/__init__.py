"""Floor 4: the catalogue of losses and the recommendation for a task."""
