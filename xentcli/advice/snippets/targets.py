"""Targets: code that turns `y`, the labels as the file holds them, into what the loss takes.

Floor 4. Class names come from a file, so they are written as Python literals and nothing else. Rows without a
label are left out of `x` as well.
"""

from xentcli.task.model import Detection, Task
from xentcli.task.tags import BRACKETS, CHOICES
from xentcli.task.values import integer_of
from xentcli.terms import Encoding, Kind

FEW_CLASSES = 20

_NUMBERS = {Encoding.CLASS_INDICES, Encoding.ONE_BASED_INDICES, Encoding.CLASS_CODES, Encoding.PLUS_MINUS_ONE}
_NO = '{None, "", "no", "No", "NO", "N", "n", "false", "False", "FALSE", "Not selected", "not selected", False}'


def target_code(detection: Detection) -> str:
    """Return code that makes `target` and `K` of `y`; of several outputs `targets` and `sizes`."""
    if detection.outputs:
        return _outputs(detection)
    encoding = detection.task.encoding
    if encoding in {Encoding.ONE_HOT, Encoding.MULTI_HOT}:
        return _hot(detection)
    if encoding in {Encoding.CLASS_PROBABILITIES, Encoding.LABEL_PROBABILITIES}:
        return _shares(detection)
    if encoding is Encoding.TAG_LISTS:
        return _tags(detection)
    return _scalar(detection)


def _scalar(detection: Detection) -> str:
    code = _known(detection)
    return code + (
        f"classes = {class_list(detection.task, 'y')}\n"
        "K = len(classes)\n"
        "index = {name: at for at, name in enumerate(classes)}\n"
        "target = np.array([index[label] for label in y])\n"
    )


def _known(detection: Detection) -> str:
    """Return code that leaves out the rows without a label; nothing where there is none."""
    if not detection.missing_rows:
        return ""
    mask = detection.seen.sentinel
    masked = "" if mask is None else f", {integer_of(mask)}"
    return (
        f'known = np.array([one == one and one not in (None, ""{masked}) for one in y])\n'
        "x, y = x[known], [one for one, kept in zip(y, known) if kept]\n"
    )


def class_list(task: Task, labels: str) -> str:
    """Return the class names in index order as a literal; code that finds them where they are many."""
    if len(task.classes) > FEW_CLASSES:
        return f"sorted(set({labels}))"
    return f"[{', '.join(ascii(_literal(task, name)) for name in task.classes)}]"


def _literal(task: Task, name: str) -> object:
    """Return a class as data frames hold it: integers and booleans as such, names as text."""
    if task.encoding in _NUMBERS and integer_of(name) is not None:
        return integer_of(name)
    if task.encoding is Encoding.BOOLEANS and name.casefold() in {"true", "false"}:
        return name.casefold() == "true"
    return name


def _hot(detection: Detection) -> str:
    kind = detection.task.kind
    if detection.seen.worded:
        cells = "np.array([[cell == cell and cell not in no for cell in row] for row in y], dtype=int)"
        matrix = f"no = {_NO}\nhot = {cells}\n"
    elif detection.seen.zero_open:
        return (
            "hot = np.nan_to_num(np.asarray(y, dtype=float)).astype(int)\n"
            "known = hot != 0  # 0 and blanks are unknown; -1 says no\n"
            f"target = np.maximum(hot, 0)\nK = {len(detection.task.classes)}\n"
        )
    elif detection.seen.signs:
        matrix = "hot = (np.asarray(y, dtype=float) > 0).astype(int)\n"
    elif detection.seen.open_count:
        return (
            "hot = np.nan_to_num(np.asarray(y, dtype=float), nan=-1.0).astype(int)\n"
            "known = hot >= 0  # -1 and blanks are unknown, not negative\n"
            f"target = np.maximum(hot, 0)\nK = {len(detection.task.classes)}\n"
        )
    else:
        matrix = "hot = np.asarray(y, dtype=float)\n"
    if kind is Kind.MULTILABEL:
        rest = "target = hot.astype(int)\n"
        if detection.missing_rows:
            rest = "known = ~np.isnan(hot).all(axis=1)\nx, target = x[known], hot[known].astype(int)\n"
    elif detection.missing_rows:
        rest = "known = np.nansum(hot, axis=1) == 1\nx, target = x[known], np.nan_to_num(hot[known]).argmax(axis=1)\n"
    else:
        rest = "target = hot.argmax(axis=1)\n"
    return f"{matrix}{rest}K = {len(detection.task.classes)}\n"


def _shares(detection: Detection) -> str:
    code = "target = np.asarray(y, dtype=np.float32)\n"
    if detection.missing_rows:
        code += "known = ~np.isnan(target).all(axis=1)\nx, target = x[known], target[known]\n"
    if detection.task.encoding is Encoding.CLASS_PROBABILITIES:
        code += "target = target / target.sum(axis=1, keepdims=True)\n"
    return f"{code}K = {len(detection.task.classes)}\n"


def _tags(detection: Detection) -> str:
    task = detection.task
    names = class_list(task, "")
    if len(task.classes) > FEW_CLASSES:
        names = "sorted({tag for row in rows for tag in row})"
    return (
        f"{_tag_rows(detection)}classes = {names}\nK = len(classes)\n"
        "target = np.array([[int(name in row) for name in classes] for row in rows])\n"
    )


def _tag_rows(detection: Detection) -> str:
    """Return code that makes the tags of each row; a blank cell of text holds none, a null list is unknown."""
    separator = detection.task.separator
    if separator is None:
        missing = (
            "known = np.array([cell is not None for cell in y])\n"
            "x, y = x[known], [cell for cell in y if cell is not None]\n"
        )
        return (missing if detection.missing_rows else "") + "rows = [list(cell) for cell in y]\n"
    cells = 'cells = [cell if isinstance(cell, str) else "" for cell in y]  # a blank cell holds no tag\n'
    if separator == BRACKETS:
        return f"import ast\n\n{cells}rows = [ast.literal_eval(cell) if cell.strip() else [] for cell in cells]\n"
    if separator == CHOICES:
        read = 'json.loads(cell)["choices"] if cell.startswith("{") else [cell] if cell.strip() else []'
        return f"import json\n\n{cells}rows = [{read} for cell in cells]\n"
    text = 'cell.strip("<>")' if separator == "><" else "cell"
    return f"{cells}rows = [[tag.strip() for tag in {text}.split({separator!a}) if tag.strip()] for cell in cells]\n"


def _outputs(detection: Detection) -> str:
    """Return code that makes a target per column; a row must answer every question."""
    listed = [class_list(one.task, f"row[{at}] for row in y") for at, one in enumerate(detection.outputs)]
    classes = ",\n    ".join(listed)
    known = ""
    if any(one.missing_rows for one in detection.outputs):
        known = (
            'known = np.array([all(one == one and one not in (None, "") for one in row) for row in y])\n'
            "x, y = x[known], [row for row, kept in zip(y, known) if kept]\n"
        )
    return (
        f"{known}classes = [\n    {classes},\n]\nsizes = [len(names) for names in classes]\n"
        "targets = [\n    np.array([names.index(row[at]) for row in y]) for at, names in enumerate(classes)\n]\n"
    )
