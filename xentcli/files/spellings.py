"""Spellings: ids that two tables write in two ways, such as `data/img_7.png` and `img_7`.

Floor 2. Rows are never joined by such columns; they only deny that the rows stand in one order.
"""

import pyarrow as pa

_FOLDERS = r"^.*[/\\]"
_SUFFIX = r"\.[a-z][a-z0-9]{1,4}$"
_MIDNIGHT = r"[ t]00:00(:00(\.0+)?)?(z|\+00:?00)?$"


def plain_ids(texts: pa.Array) -> pa.Array:
    """Return ids in small letters without folders, the suffix of a file, and the time of a date at midnight."""
    import pyarrow.compute as pc  # noqa: PLC0415  60 ms that only odd joins pay

    found = pc.utf8_lower(pc.utf8_trim_whitespace(texts))
    for pattern in (_FOLDERS, _MIDNIGHT, _SUFFIX):
        found = pc.replace_substring_regex(found, pattern=pattern, replacement="")
    return found
