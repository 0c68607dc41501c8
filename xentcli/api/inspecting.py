"""`xentcli.inspect`: what the labels of a file mean and what to train with.

Floor 8.
"""

from collections.abc import Sequence
from typing import Any

from xentcli.advice.recommend import priors, recommend
from xentcli.api.arguments import choice, class_list, read_options, source_of, texts
from xentcli.api.items import items_of, labels_of
from xentcli.files.batches import refuse_long_cells
from xentcli.files.columns import find_column, once
from xentcli.files.open import as_table
from xentcli.files.unchanged import unchanged_inputs
from xentcli.record import replace
from xentcli.results import Inspection
from xentcli.rules.labels.every import LABEL_RULES
from xentcli.rules.rule import located, run
from xentcli.rules.selection import selection
from xentcli.task.detect import detect, named_as_declared
from xentcli.task.label_columns import LabelChoice
from xentcli.task.model import Certainty, Encoding, Kind
from xentcli.task.reading.label_account import account_of_labels


@unchanged_inputs()
def inspect(
    data: Any,
    *,
    label: str | Sequence[str] = (),
    id: str | None = None,  # noqa: A002  the name of the option
    classes: str | Sequence[str] | None = None,
    positive: str | None = None,
    task: str | None = None,
    encoding: str | None = None,
    select: str | Sequence[str] = (),
    ignore: str | Sequence[str] = (),
    skip_bad_rows: bool = False,
    null_values: Sequence[str] = (),
    separator: str | None = None,
    comment: str | None = None,
    quote: str | None = None,
    header: bool | None = None,
    input_format: str | None = None,
    memory: str | int | None = None,
) -> Inspection:
    """Say what the labels of a file mean and what to train with.

    Args:
        data: path, URI or glob, a sequence of them, a pandas DataFrame, an Arrow table or an array.
        label: the label columns; found by name, position and shape if empty.
        id: the column that tells items apart; where it repeats, the rows of an item are votes, or its labels.
        classes: class names in index order: a sequence, `a,b,c`, or `@FILE` with one name a line.
        positive: the positive class of a binary task.
        task: overrides the kind of task.
        encoding: overrides the encoding of the labels.
        select: findings that may speak, by code, beginning of a code or name; all if empty.
        ignore: findings that may not, likewise.
        skip_bad_rows: leave rows out that have another number of cells than the others, or lines of JSON without an
            object, instead of raising.
        null_values: further texts that mean a missing cell, in text formats.
        separator: what stands between cells, in text formats.
        comment: the character that starts a comment, or `none`, in text formats; by default lines that start with #
            are comments where they are no rows.
        quote: the character that encloses cells, or `none`, in text formats.
        header: whether the first line names the columns, in text formats.
        input_format: overrides the format that the suffix tells.
        memory: bytes that reading may take, or a size such as `4G`; None for half of what the machine has.

    Raises:
        XentError: the file cannot be read, or the options contradict it.
    """
    spoken = selection(texts(select), texts(ignore))
    read = read_options(
        null_values, separator, header, input_format,
        comment=comment, quote=quote, skip_bad_rows=skip_bad_rows, declared=classes is None, memory=memory,
    )  # fmt: skip
    table = as_table(data, read)
    given = once([find_column(table, reference) for reference in texts(label)], "--label", table.path)
    beside = None if id is None else find_column(table, id)
    chosen = LabelChoice(given, ()) if given else labels_of(table, beside)
    items = items_of(table, chosen.columns, beside)
    detection = detect(
        items.table,
        items.columns,
        kind=choice(Kind, task, "--task"),
        encoding=choice(Encoding, encoding, "--encoding") or items.encoding,
        classes=class_list(classes) or items.classes,
        positive=positive,
        named=bool(given),
    )
    refuse_long_cells(detection.task.classes, detection.columns[0], table.path)
    sure = max(chosen.certainty, detection.certainty, items.certainty, key=list(Certainty).index)
    if not (task or encoding):
        detection = named_as_declared(detection, table)
    findings = located(items.in_file(spoken.of(run(LABEL_RULES, detection))), table.lines)
    detection = replace(detection, evidence=(*items.said, *chosen.because, *detection.evidence), certainty=sure)
    each = detection.task.classes if len(detection.task.classes) == len(detection.columns) > 1 else None
    return Inspection(
        source_of(table, items.rows or detection.rows), detection, priors(detection), recommend(detection), findings,
        items.account(account_of_labels(table, chosen.columns, None if items.gathered else each)),
        table.left_out.count,
    )  # fmt: skip
