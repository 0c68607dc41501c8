"""The floors of the house: a module imports only from floors below, or from its own folder."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "xentcli"
FLOORS = {
    "addresses": 0, "arrays": 0, "metrics": 0, "record": 0, "terms": 0,
    "errors": 1, "phrases": 1, "options": 1, "config": 1,
    "files": 2, "task": 3, "tally": 4, "advice": 4, "scoring": 5, "rules": 6, "lessons": 6,
    "gate": 7, "results": 8, "verdicts": 8, "views": 8, "api": 8, "cli": 9,
    "__main__": 10, "__init__": 10,
    "testing": 10,
}  # fmt: skip
BESIDE = {
    ("metrics", "terms"),
    ("options", "errors"), ("config", "errors"), ("config", "options"),
    ("verdicts", "results"), ("api", "results"), ("views", "results"), ("api", "verdicts"), ("views", "verdicts"),
    ("results", "views"), ("verdicts", "views"),
}  # fmt: skip
MODULES = sorted(PACKAGE.rglob("*.py"))


def room(module):
    return module.partition(".")[0] or "__init__"


def imported(path):
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [one.name for one in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            found += [node.module] if node.module != "xentcli" else [f"xentcli.{one.name}" for one in node.names]
    return [name.removeprefix("xentcli.") for name in found if name.startswith("xentcli.")]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_imports_only_from_the_floors_below(path):
    own = room(str(path.relative_to(PACKAGE).with_suffix("")).replace("/", "."))
    for name in imported(path):
        other = room(name)
        if other in {own, "__version__"}:
            continue
        beside = (own, other) in BESIDE
        assert beside or FLOORS[other] < FLOORS[own], f"{own} imports {name}"


def test_every_module_says_what_it_is():
    for path in MODULES:
        assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), path


def test_only_the_command_line_knows_typer_and_only_the_console_view_knows_rich():
    for path in MODULES:
        text = path.read_text(encoding="utf-8")
        where = str(path.relative_to(PACKAGE))
        assert ("import typer" not in text and "from typer" not in text) or where.startswith("cli/")
        assert "from rich" not in text or where == "views/console.py"


def eager_imports(path):
    """Return the modules that a module needs when it is imported itself: not in functions, nor for types alone."""
    found = []
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("xentcli"):
            found += [node.module, *(f"{node.module}.{one.name}" for one in node.names)]
    return found


def test_no_circle_of_imports_is_closed():
    names = {".".join(("xentcli", *path.relative_to(PACKAGE).with_suffix("").parts)): path for path in MODULES}
    left = {name: {one for one in eager_imports(path) if one in names and one != name} for name, path in names.items()}
    while free := [name for name, needs in left.items() if not needs & left.keys()]:
        for name in free:
            del left[name]
    assert sorted(left) == []
