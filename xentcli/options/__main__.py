"""`python -m xentcli.options` prints the page of options, `docs/options.md`.

Floor 1. It tells what each is called on the command line, in `xent.toml` and in the library. A test compares the page
with the file.
"""

import sys
from collections.abc import Iterator

from xentcli.options.commands import COMMANDS, HEADINGS
from xentcli.options.option import Option, options_of

_HEAD = """# Options

<!-- Written by `python -m xentcli.options > docs/options.md` from `xentcli/options/table.py`. -->

Options are given on the command line, in `xent.toml` (or `[tool.xent]` of `pyproject.toml`), or to a function of the
library; a flag comes before the file, the file before the default. In `xent.toml` a key has the name of the flag
without dashes; in the library an argument has it with `_` for `-`. Options that take several values are repeated. `xent
config schema` prints a JSON Schema of `xent.toml` for editors.
"""


def options_page() -> str:
    """Return the page as Markdown."""
    return "\n".join((_HEAD, *(line for heading in dict.fromkeys(HEADINGS.values()) for line in _section(heading))))


def _section(heading: str) -> Iterator[str]:
    yield f"## {heading}\n"
    yield "| option | commands | in `xent.toml` | default | meaning |"
    yield "|---|---|---|---|---|"
    rows: dict[Option, list[str]] = {}
    for command in COMMANDS.values():
        for group in command.groups:
            if HEADINGS[group] == heading:
                for one in options_of(group).values():
                    rows.setdefault(one, []).append(command.name)
    yield from (_row(one, commands) for one, commands in rows.items())
    yield ""


def _row(one: Option, commands: list[str]) -> str:
    flags = ", ".join(f"`{flag}`" for flag in one.all_flags)
    if one.negative:
        flags += f", `--no-{one.key}`"
    value = f" `{one.metavar}`" if one.metavar else ""
    default = "" if one.default in (None, ()) or one.is_switch else f"`{one.default}`"
    meaning = one.help.removesuffix(".")
    if one.about:
        meaning += f". In the library: {one.about.removesuffix('.')}"
    cells = (flags + value, ", ".join(commands), f"`{one.key}`" if one.configured else "", default, f"{meaning}.")
    escaped = [cell.replace("|", "\\|") for cell in cells]
    return f"| {' | '.join(escaped)} |"


if __name__ == "__main__":
    sys.stdout.write(options_page())
