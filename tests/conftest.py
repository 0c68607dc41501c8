"""What all tests share: the JSON schemas, an in-process run of the tool, tables in memory."""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import hypothesis
import jsonschema
import pyarrow as pa
import pytest
from referencing import Registry, Resource

from xentcli import errors
from xentcli.cli import main
from xentcli.files.format import Format
from xentcli.files.table import Column, ReadAs, Table
from xentcli.metrics import BOUNDS, DocumentPart, of_part

# The gate must not fail by the speed of its machine, nor by an example that nobody can repeat.
hypothesis.settings.register_profile("gate", deadline=None, derandomize=bool(os.environ.get("CI")))
hypothesis.settings.load_profile("gate")

ROOT = Path(__file__).parent.parent
SCHEMAS = {path.stem: json.loads(path.read_text()) for path in (ROOT / "tests" / "schemas").glob("*.json")}
SCHEMAS["score-1"]["properties"]["metrics"]["propertyNames"] = {
    "enum": [name for key in of_part(DocumentPart.METRICS) for name in (key, f"{key}{BOUNDS}")]
}
REGISTRY = Registry().with_resources(
    [(f"{name}.json", Resource.from_contents(schema)) for name, schema in SCHEMAS.items()]
)


@dataclass(frozen=True)
class Ran:
    """What a run of the tool gave."""

    status: int
    out: str
    err: str

    def document(self):
        """Return the JSON on stdout, valid against its schema."""
        return validated(self.out)


def validated(text):
    """Return a JSON document that is valid against the schema it names."""
    document = json.loads(text, parse_constant=lambda token: pytest.fail(f"JSON holds {token}"))
    name = document["schema"].removeprefix("xent.").replace("/", "-")
    jsonschema.Draft202012Validator(SCHEMAS[name], registry=REGISTRY).validate(document)
    for score in _scores(name, document):
        rows = score["rows"]
        assert rows["read"] == rows["scored"] + rows["missing_label"] + rows["bad"]
    if name in {"inspect-1", "encode-1"}:
        rows = document["rows"]
        assert rows["read"] == rows["written"] + rows["missing_label"] + rows["bad"]
    return document


def _scores(name, document):
    """Return the score documents that a document is or holds."""
    if name == "compare-1":
        return [document["a"], document["b"]]
    if name == "check-1":
        return [model["score"] for model in document["models"]]
    return [document] if name == "score-1" else []


@pytest.fixture
def sample():
    """The folder of the sample data."""
    return ROOT / "sample_data"


@pytest.fixture
def xent(capsys, monkeypatch):
    """Run the tool in this process, with an environment that cannot colour."""
    monkeypatch.setenv("NO_COLOR", "1")

    def run(*arguments, isolated=True):
        words = [str(argument) for argument in arguments]
        tail = (
            ["--isolated"]
            if isolated and words and words[0] in {"score", "inspect", "encode", "check", "compare", "plot"}
            else []
        )
        capsys.readouterr()
        status = main.main([*words, *tail])
        held = capsys.readouterr()
        if '"schema"' in held.out and not held.out.startswith("<!doctype"):
            validated(held.out)
        return Ran(int(status), held.out, held.err)

    return run


@dataclass(frozen=True)
class MemoryPart:
    """Rows in memory, in batches of any size."""

    table: pa.Table
    rows: int

    def read(self, columns: Mapping[str, ReadAs]) -> Iterator[pa.RecordBatch]:
        """See `Part.read`."""
        for batch in self.table.select(list(columns)).to_batches():
            for start in range(0, batch.num_rows, self.rows):
                yield batch.slice(start, self.rows)


def in_memory(columns, *, parts=1, rows=1 << 20, form=Format.PARQUET):
    """Return a Table of columns in memory, cut into parts and batches as told."""
    table = pa.table(columns) if isinstance(columns, dict) else columns
    step = max(1, -(-len(table) // parts))
    return Table(
        "memory",
        form,
        tuple(Column(field.name, field.type) for field in table.schema),
        tuple(MemoryPart(table.slice(start, step), rows) for start in range(0, len(table), step)),
    )


@pytest.fixture
def table():
    """The maker of tables in memory."""
    return in_memory


@pytest.fixture
def refused():
    """Run something that must raise an XentError and return it."""

    def run(function, *arguments, **options):
        with pytest.raises(errors.XentError) as caught:
            function(*arguments, **options)
        return caught.value

    return run
