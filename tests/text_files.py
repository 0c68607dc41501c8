"""Text files of a test's own making, and their cells as the reader gives them."""

from xentcli.files.blob import blob_of
from xentcli.files.format import Format, ReadOptions
from xentcli.files.table import ReadAs
from xentcli.files.text.table import open_text


def opened(path, data, form=Format.CSV, part_bytes=32, block_bytes=16, **options):
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return open_text(blob_of(str(path)), form, ReadOptions(**options), part_bytes=part_bytes, block_bytes=block_bytes)


def cells(table, numbers=()):
    wanted = {name: ReadAs.NUMBER if name in numbers else ReadAs.NATIVE for name in table.names}
    found = {name: [] for name in table.names}
    for batch in table.batches(wanted):
        for name, array in zip(table.names, batch.columns, strict=True):
            found[name] += array.to_pylist()
    return found
