"""Floor 3: what label columns mean (task, encoding, class order) and which columns they are."""
