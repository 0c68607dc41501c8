"""Words: counts with their nouns and verbs, so that one row is not `1 rows`.

Floor 1: sentences are made on every floor. How other numbers become text is the business of `views/numbers.py`.
"""

_SINGULAR = {"are": "is", "have": "has", "do": "does"}


def counted(value: int, noun: str) -> str:
    """Return a count with its noun: 1 row, 12,345 rows, 3 classes."""
    plural = f"{noun}es" if noun.endswith("s") else f"{noun}s"
    return f"{value:,} {noun if value == 1 else plural}"


def there(value: int, noun: str) -> str:
    """Return that so many are there: there is 1 class, there are 3 scores."""
    return f"there {verb(value, 'are')} {counted(value, noun)}"


def verb(value: int, plural: str) -> str:
    """Return the verb that a count takes: 1 row holds, 2 rows hold, 1 of 2 rows hold (by the 2)."""
    return _SINGULAR.get(plural, f"{plural}s") if value == 1 else plural
