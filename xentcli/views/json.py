"""JSON: the documents of the contract, for machines.

Floor 8. No NaN or infinity ever: null instead. The same result gives the same bytes.
"""

import json
from math import isfinite
from typing import Any


def render(document: dict[str, Any]) -> str:
    """Return a document as JSON text that ends in a line end."""
    text = json.dumps(_finite(document), indent=2, ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8", "backslashreplace").decode("utf-8") + "\n"


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return value
