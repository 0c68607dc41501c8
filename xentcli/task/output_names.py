"""Output names: which columns are named after a label column, and after which classes of it.

Floor 3. Pure functions of names.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from xentcli.files.columns import SUFFIX
from xentcli.task import names
from xentcli.task.vocabulary import LABEL_PREFIXES, LABEL_SUFFIXES, LIST_SCORE_NAMES, SCORE_PREFIXES

_MARKS = ("_", ".", " ", "-", ":")
_PREFIXES = tuple(sorted(SCORE_PREFIXES, key=len, reverse=True))


class Pool:
    """The columns that may be scores, found by how their names begin."""

    def __init__(self, columns: Iterable[str]) -> None:
        """Sort the columns by their names in small letters."""
        self._order = {name: at for at, name in enumerate(columns)}
        self._sorted = sorted((name.casefold(), name) for name in self._order)
        self.prefixes = tuple(one for one in _PREFIXES if self.starting(one))
        """Of the prefixes of scores, those that some column begins with."""

    def starting(self, start: str) -> list[str]:
        """Return the columns whose names begin so, in their order."""
        at = bisect_left(self._sorted, (start, ""))
        found = []
        while at < len(self._sorted) and self._sorted[at][0].startswith(start):
            found.append(self._sorted[at][1])
            at += 1
        return sorted((name for name in found if name in self._order), key=self._order.__getitem__)

    def discard(self, columns: Iterable[str]) -> None:
        """Leave columns out from now on."""
        for name in columns:
            self._order.pop(name, None)


def bases_of(label: str) -> tuple[str, ...]:
    """Return what scores of a label column may be named after: the column, then without words such as `true_`."""
    plain = label.removesuffix(SUFFIX)
    folded = plain.casefold()
    found = [plain]
    found += [plain[len(one) :] for one in LABEL_PREFIXES if one and folded.startswith(one) and folded != one]
    found += [plain[: -len(one)] for one in LABEL_SUFFIXES if folded.endswith(one) and folded != one]
    return tuple(dict.fromkeys(found))


def candidates(base: str, pool: Pool) -> list[tuple[names.ScoreGroup, bool]]:
    """Return the groups of columns that are named after a label column, the surest first.

    With each stands whether the names say that these are scores: `p_color_red` and `color_prob_red` do, `color_red`
    does not.
    """
    rests = _rests(base.casefold(), pool)
    found = [(group, True) for group in _after(base, rests)]
    found += [(group, True) for prefix in pool.prefixes for group in _before(f"{prefix}{base}", pool)]
    found += [(_group(rests[mark], f"{base}{mark}"), False) for mark in _MARKS if len(rests[mark]) > 1]
    return found


def _after(base: str, rests: dict[str, list[tuple[str, str]]]) -> list[names.ScoreGroup]:
    """Return groups such as `color_prob_red, color_prob_blue`, and columns such as `color_probs`."""
    groups = []
    for mark in _MARKS:
        by_rest = {rest: column for column, rest in rests[mark]}
        if not by_rest:
            continue
        for inner in names.score_groups(list(by_rest)):
            columns = tuple(by_rest[rest] for rest in inner.columns)
            if len(columns) > 1:
                groups.append(names.ScoreGroup(columns, inner.names, f"{base}{mark}{inner.affix}"))
        whole = names.named_like(LIST_SCORE_NAMES, list(by_rest))
        groups += [names.ScoreGroup((by_rest[rest],), (), by_rest[rest]) for rest in whole]
    return groups


def _before(start: str, pool: Pool) -> list[names.ScoreGroup]:
    """Return groups such as `p_color_red, p_color_blue`, and columns such as `p_color`."""
    rests = _rests(start.casefold(), pool)
    groups = [_group(rests[mark], f"{start}{mark}") for mark in _MARKS if len(rests[mark]) > 1]
    whole = [name for name in pool.starting(start.casefold()) if len(name) == len(start)]
    return [*groups, *(names.ScoreGroup((name,), (), name) for name in whole)]


def _rests(start: str, pool: Pool) -> dict[str, list[tuple[str, str]]]:
    """Return the columns that go on after a start, with what follows, by the mark between the two."""
    found: dict[str, list[tuple[str, str]]] = {mark: [] for mark in _MARKS}
    for name in pool.starting(start):
        rest = name[len(start) :]
        if len(rest) > 1 and rest[0] in found:
            found[rest[0]].append((name, rest[1:]))
    return found


def _group(columns: Sequence[tuple[str, str]], affix: str) -> names.ScoreGroup:
    return names.ScoreGroup(tuple(name for name, _ in columns), tuple(rest for _, rest in columns), affix)
