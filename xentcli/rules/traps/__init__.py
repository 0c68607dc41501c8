"""Floor 6: rules on silent mistakes between a model's output and the file that is scored."""
