"""Terms: the closed sets that options, metrics and all floors above speak in.

Floor 0.
"""

from enum import StrEnum


class Kind(StrEnum):
    """The kinds of classification."""

    BINARY = "binary"
    MULTICLASS = "multiclass"
    MULTILABEL = "multilabel"
    MULTIOUTPUT = "multioutput"


class Encoding(StrEnum):
    """How labels are written down."""

    CLASS_NAMES = "class-names"
    CLASS_INDICES = "class-indices"
    ONE_BASED_INDICES = "one-based-indices"
    CLASS_CODES = "class-codes"
    BOOLEANS = "booleans"
    PLUS_MINUS_ONE = "plus-minus-one"
    ONE_HOT = "one-hot"
    MULTI_HOT = "multi-hot"
    TAG_LISTS = "tag-lists"
    CLASS_PROBABILITIES = "class-probabilities"
    LABEL_PROBABILITIES = "label-probabilities"


class Scale(StrEnum):
    """What the scores are."""

    PROBABILITIES = "probabilities"
    LOG_PROBABILITIES = "log-probabilities"
    LOGITS = "logits"


TARGETS = (
    Encoding.CLASS_INDICES, Encoding.ONE_HOT, Encoding.MULTI_HOT, Encoding.CLASS_NAMES, Encoding.TAG_LISTS,
    Encoding.BOOLEANS, Encoding.PLUS_MINUS_ONE,
)  # fmt: skip
"""Encodings that labels are written in."""
