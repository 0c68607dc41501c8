"""Markdown: the page for pull requests and step summaries.

Floor 8. No character of a file's text keeps a meaning in Markdown or HTML.
"""

from xentcli.errors import XentError
from xentcli.views import error as error_view
from xentcli.views.page import (
    Block,
    Bullets,
    Code,
    Facts,
    Grid,
    Heading,
    Levels,
    Page,
    Prose,
    Remark,
    Sentence,
    following,
)
from xentcli.views.safe import markdown, printable


def render(page: Page) -> str:
    """Return the page as Markdown that ends in a line end."""
    return "\n\n".join(text for block in page.blocks if (text := _block(block))) + "\n"


def error(found: XentError) -> str:
    """Return what an error says: its head, a list of its details, its help."""
    blocks: list[Block] = [Sentence(error_view.head(found), strong=True)]
    if found.details:
        blocks.append(Bullets(found.details))
    if found.help:
        blocks.append(Sentence(f"help: {found.help}"))
    return render(Page(tuple(blocks)))


def _block(block: Block) -> str:
    match block:
        case Heading(text):
            return f"### {markdown(text)}"
        case Sentence(text, strong):
            return f"**{markdown(text)}**" if strong else markdown(text)
        case Facts(rows):
            return _table(("", ""), rows, ())
        case Grid():
            body = _table(block.columns, block.rows, block.numeric)
            return f"{body}\n\n{markdown(block.more)}" if block.more else body
        case Levels():
            return _block(block.grid(ascii_only=False))
        case Bullets(texts):
            return "\n".join(f"- {markdown(text)}" for text in texts)
        case Code(text, language):
            return _fenced(text, language)
        case Prose(text):
            return text.strip()
        case Remark(finding):
            first = f" (first rows: {', '.join(str(row) for row in finding.rows)})" if finding.rows else ""
            head = (
                f"**{finding.level.value} {finding.code} {markdown(finding.name)}**: {markdown(finding.message)}{first}"
            )
            tail = following(block)
            return "\n\n".join([head, markdown(finding.help), *([markdown(tail)] if tail else [])])


def _table(columns: tuple[str, ...], rows: tuple[tuple[str, ...], ...], numeric: tuple[int, ...]) -> str:
    lines = ["| " + " | ".join(markdown(title) for title in columns) + " |"]
    lines.append("|" + "|".join("---:" if at in numeric else "---" for at in range(len(columns))) + "|")
    lines.extend("| " + " | ".join(markdown(cell) for cell in row) + " |" for row in rows)
    return "\n".join(lines)


def _fenced(text: str, language: str) -> str:
    """Return code in a fence that is longer than any run of backticks in it."""
    plain = "\n".join(printable(line) for line in text.splitlines())
    longest = max((len(run) for run in plain.replace("`", " ` ").split() if set(run) == {"`"}), default=0)
    fence = "`" * max(3, plain.count("`") + 1 if longest else 3)
    return f"{fence}{language}\n{plain}\n{fence}"
