"""Names of ids: which columns are called like something that identifies a row. Names support; values decide.

Floor 2.
"""

import re

SHARED_IDS = ("id", "ids", "uid", "uuid", "index", "row_id", "sample_id", "example_id", "image_id", "key")
"""Names by which a column that both tables have is taken for the id without being asked."""

_ID_WORDS = frozenset({
    "id", "ids", "uid", "uuid", "guid", "key", "index", "idx", "identifier", "file", "files", "filename", "filenames",
    "fname", "path", "paths", "filepath", "filepaths", "image", "images", "img", "photo", "picture", "frame", "audio",
    "clip", "video", "recording", "record", "sample", "example", "instance", "item", "case", "patient", "subject",
    "participant", "passenger", "customer", "account", "document", "doc", "name", "names", "url", "uri", "link",
    "unnamed", "row", "rows", "number", "nr", "hash", "sha", "md", "accession", "barcode", "recordings", "sku",
})  # fmt: skip

_INPUT_WORDS = frozenset({
    "text", "sentence", "title", "question", "prompt", "premise", "hypothesis", "review", "comment", "tweet", "message",
    "content", "utterance", "headline", "query", "passage", "body", "input", "sequence", "smiles",
})  # fmt: skip
"""What the input of a model is called: no id, but every row has its own."""

_OUTPUT_WORDS = frozenset({
    "generated", "generation", "output", "outputs", "predicted", "prediction", "pred", "answer", "response",
    "completion", "model", "explanation", "reason", "rationale",
})  # fmt: skip
"""What a model wrote, which differs from model to model."""

_COUNTERS = frozenset({"unnamed", "index", "idx", "row", "rows", "number", "nr", "level"})
"""Words of the names that a program gives to the numbers of rows."""


def names_rows(name: str) -> bool:
    """Return whether a column is called like something that identifies a row."""
    words = _words(name)
    if words & _OUTPUT_WORDS:
        return False
    return not words or bool(words & _ID_WORDS) or name.casefold().endswith("id")


def names_inputs(name: str) -> bool:
    """Return whether a column is called like what a model was given."""
    words = _words(name)
    return bool(words & _INPUT_WORDS) and not words & _OUTPUT_WORDS


def names_a_counter(name: str) -> bool:
    """Return whether a column is called like the row numbers that a program adds, such as `Unnamed: 0`."""
    words = _words(name)
    return not words or bool(words & _COUNTERS)


def _words(name: str) -> frozenset[str]:
    apart = re.sub(r"([a-z])([A-Z])", r"\1 \2", name).casefold()
    return frozenset(re.split(r"[\W\d_]+", apart)) - {""}
