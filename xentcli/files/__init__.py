"""Floor 2: a path, URI, frame or array becomes a re-iterable Table of Arrow batches; and the one writer."""
