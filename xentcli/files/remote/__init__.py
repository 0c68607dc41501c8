"""Remote files: URIs are listed, read and written here; local files import nothing of it."""
