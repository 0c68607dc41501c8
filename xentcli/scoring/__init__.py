"""Floor 5: pure views of a Tally: the loss, the accuracy, intervals and tables."""
