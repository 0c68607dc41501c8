"""`xentcli.compare`: which of two models is better, and how sure that is.

Floor 8.
"""

from collections.abc import Collection, Mapping
from typing import Any, Unpack

from xentcli.api.arguments import class_weight_map, texts
from xentcli.api.pairing import PairedReports, paired
from xentcli.api.reading import Progress
from xentcli.files.unchanged import unchanged_inputs
from xentcli.options.signature import takes
from xentcli.options.table import CompareOptions
from xentcli.record import replace
from xentcli.scoring.class_weights import Options
from xentcli.scoring.comparing.model import Comparison
from xentcli.scoring.comparing.view import comparison
from xentcli.verdicts import CompareReport


@takes(CompareOptions, {"row": "xentcli.score shows the loss of a row"})
@unchanged_inputs()
def compare(a: Any, b: Any, *, progress: Progress | None = None, **options: Unpack[CompareOptions]) -> CompareReport:
    """Compare two models on the same rows; every difference is B - A.

    Rows are paired by the id column: `id`, else a column that both inputs hold with the same values; else by row.

    Args:
        a: the predictions of the first model, as for `score`.
        b: those of the second.
        progress: see `score`.
        options: see `options.table`.

    Raises:
        XentError: an input cannot be scored, or the rows of the two do not belong together.
    """
    both: dict[str, Any] = {**options, "progress": progress}
    found = paired(a, b, both, texts(both.pop("by")), both.pop("worst"))
    return CompareReport(found.a, found.b, compared(found, both))


def compared(found: PairedReports, options: Mapping[str, Any], wanted: Collection[str] | None = None) -> Comparison:
    """Return the comparison of two scored inputs, of all metrics or of those that are wanted."""
    how = Options(found.b.score.confidence_level, class_weight_map(options.get("class_weights")))
    scores = (found.a.score, found.b.score)
    seen = comparison(found.tally, how, found.by, found.sentence, scores, wanted)
    if found.id_column is None or not seen.worst:
        return seen
    ids = found.table_b.cells(tuple(one.row_b for one in seen.worst), found.id_column)
    return replace(seen, worst=tuple(replace(one, id=ids.get(one.row_b)) for one in seen.worst))
