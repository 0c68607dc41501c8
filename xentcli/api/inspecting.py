"""`xentcli.inspect`: what the labels of a file mean and what to train with.

Floor 8.
"""

from typing import Any, Unpack

from xentcli.advice.recommend import priors, recommend
from xentcli.api.arguments import choice, class_list, read_options, source_of, texts
from xentcli.api.items import items_of, labels_of
from xentcli.files.batches import refuse_long_cells
from xentcli.files.columns import find_column, once
from xentcli.files.open import as_table
from xentcli.files.unchanged import unchanged_inputs
from xentcli.options.signature import takes
from xentcli.options.table import InspectOptions
from xentcli.record import replace
from xentcli.results import Inspection
from xentcli.rules.labels.every import LABEL_RULES
from xentcli.rules.rule import located, run
from xentcli.rules.selection import selection
from xentcli.task.detect import detect, named_as_declared
from xentcli.task.label_columns import LabelChoice
from xentcli.task.model import Certainty
from xentcli.task.reading.label_account import account_of_labels
from xentcli.terms import Encoding, Kind


@takes(InspectOptions)
@unchanged_inputs()
def inspect(data: Any, **options: Unpack[InspectOptions]) -> Inspection:
    """Say what the labels of a file mean and what to train with.

    Args:
        data: path, URI or glob, a sequence of them, a pandas DataFrame, an Arrow table or an array.
        options: see `options.table`.

    Raises:
        XentError: the file cannot be read, or the options contradict it.
    """
    spoken = selection(texts(options["select"]), texts(options["ignore"]))
    table = as_table(data, read_options(options))
    given = once([find_column(table, reference) for reference in texts(options["label"])], "label", table.path)
    beside = None if options["id"] is None else find_column(table, options["id"])
    chosen = LabelChoice(given, ()) if given else labels_of(table, beside)
    items = items_of(table, chosen.columns, beside)
    detection = detect(
        items.table,
        items.columns,
        kind=choice(Kind, options["task"], "task"),
        encoding=choice(Encoding, options["encoding"], "encoding") or items.encoding,
        classes=class_list(options["classes"]) or items.classes,
        positive=options["positive"],
        named=bool(given),
    )
    refuse_long_cells(detection.task.classes, detection.columns[0], table.path)
    sure = max(chosen.certainty, detection.certainty, items.certainty, key=list(Certainty).index)
    if not (options["task"] or options["encoding"]):
        detection = named_as_declared(detection, table)
    findings = located(items.in_file(spoken.of(run(LABEL_RULES, detection))), table.lines)
    detection = replace(detection, evidence=(*items.said, *chosen.because, *detection.evidence), certainty=sure)
    each = detection.task.classes if len(detection.task.classes) == len(detection.columns) > 1 else None
    return Inspection(
        source_of(table, items.rows or detection.rows), detection, priors(detection), recommend(detection), findings,
        items.account(account_of_labels(table, chosen.columns, None if items.gathered else each)),
        table.left_out.count,
    )  # fmt: skip
