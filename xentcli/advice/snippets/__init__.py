"""Floor 4: code that trains with the recommended loss, put together from targets and frameworks."""
