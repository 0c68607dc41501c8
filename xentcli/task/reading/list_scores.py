"""List scores: the columns of lists that may hold scores, with what their rows are.

Floor 3.
"""

from collections.abc import Iterator

from xentcli.task.reading.candidates import Columns, list_columns
from xentcli.task.reading.group_facts import is_ranking
from xentcli.task.reading.lists import ListFacts, list_facts
from xentcli.task.reading.model import Labels, Scores
from xentcli.task.reading.names import name_of
from xentcli.task.roles import ScoreForm


def list_scores(columns: Columns, labels: Labels) -> Iterator[tuple[Scores, ListFacts]]:
    """Yield the list columns that may hold scores, with what their rows are."""
    own = set(labels.columns)
    free = [name for name in columns.of_scores() if name not in own]
    found = list_columns(columns, free)
    for name in found:
        facts = list_facts(columns.table, name)
        said = name_of(name)
        words = said.score or said.predicted
        if facts.size and not is_ranking(facts.matrix) and (words or facts.sums_to_one or len(free) == 1):
            yield (
                Scores((name,), ScoreForm.LIST, affix=name, words=words, sums=facts.sums_to_one, derived=said.derived),
                facts,
            )
