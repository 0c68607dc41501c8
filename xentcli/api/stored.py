"""Stored score documents: a file of an earlier `xent score -f json` as a baseline.

Floor 8.
"""

import io
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from xentcli.addresses import is_uri, query_split
from xentcli.errors import InputError, Place
from xentcli.results import SCORE_SCHEMA
from xentcli.scoring.comparing.stored import StoredScore, of_document

_SUFFIX = ".json"
_SCHEMA = "schema"
_MOST = 1e100
"""No loss and no count is beyond it, and the squares of what is below are finite."""


def stored_score(data: Any) -> StoredScore | None:
    """Return the numbers of a stored score document; None for whatever else, which is read as predictions.

    Raises:
        InputError: it is another document of this tool's, or a damaged one.
    """
    if not isinstance(data, str | os.PathLike):
        return None
    path = os.fspath(data)
    if not (query_split(path)[0] if is_uri(path) else path).lower().endswith(_SUFFIX):
        return None
    document = _document(path)
    if document is None:
        return None
    if document[_SCHEMA] != SCORE_SCHEMA:
        raise InputError(
            f"is a document {document[_SCHEMA]!r}, no {SCORE_SCHEMA!r}",
            place=Place(path),
            help="a baseline is a prediction file, or what xent score -f json wrote",
        )
    try:
        _refuse_absurd(document)
        return of_document(document)
    except (LookupError, TypeError, ValueError, ArithmeticError) as error:
        raise InputError(
            f"is no whole {SCORE_SCHEMA} document: {type(error).__name__} at {error}",
            place=Place(path),
            help="write it again with xent score -f json",
        ) from error


def _refuse_absurd(document: Mapping[str, Any]) -> None:
    """Raise if a number of a document is so large that no formula could take it.

    Raises:
        ValueError: one is.
    """
    left: list[Any] = [document]
    while left:
        one = left.pop()
        if isinstance(one, dict | list):
            left += one.values() if isinstance(one, dict) else one
        elif isinstance(one, int | float) and abs(one) > _MOST:
            raise ValueError("a number beyond all losses and counts")


def _document(path: str) -> Mapping[str, Any] | None:
    """Return the JSON object of a file if it names a schema; what cannot be read is for the readers of tables."""
    try:
        with _text(path) as file:
            if not file.read(4096).lstrip().startswith("{"):
                return None
            file.seek(0)
            document = json.load(file)
    except (OSError, ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) and isinstance(document.get(_SCHEMA), str) else None


def _text(path: str) -> IO[str]:
    if not is_uri(path):
        return Path(path).open(encoding="utf-8-sig")
    from xentcli.files.blob import blob_of  # noqa: PLC0415  only URIs need it

    return io.TextIOWrapper(blob_of(path).open(), encoding="utf-8-sig")
