"""The shelf: every lesson of the manual by its name, read from the Markdown beside this module.

Floor 6. It imports nothing of xent and no numpy: who asks for a lesson waits for one small file.
"""

from pathlib import Path

from xentcli.record import Record

_FOLDER = Path(__file__).parent

NAMES = (
    "cross-entropy",
    "binary-vs-categorical",
    "sparse-vs-categorical",
    "multi-label",
    "multi-output",
    "soft-labels",
    "label-encodings",
    "columns",
    "activations",
    "accuracy",
    "imbalance",
    "calibration",
    "clipping",
    "comparing-models",
)
"""In the order in which they are best read."""


class Lesson(Record):
    """A lesson.

    Attributes:
        name: what to ask for, and the stem of its file.
        markdown: the whole text.
    """

    name: str
    markdown: str

    @property
    def title(self) -> str:
        """Its first heading."""
        return self.markdown.partition("\n")[0].removeprefix("# ")

    @property
    def summary(self) -> str:
        """The first sentence of its first paragraph, without the full stop."""
        paragraph = self.markdown.split("\n\n", 2)[1]
        return f"{' '.join(paragraph.split())} ".partition(". ")[0]


def lesson(name: str) -> Lesson | None:
    """Return the lesson of a name, in any letter case, blanks or underscores for hyphens; None if there is none."""
    wanted = "-".join(name.casefold().replace("_", " ").replace("-", " ").split())
    return _read(wanted) if wanted in NAMES else None


def lessons() -> tuple[Lesson, ...]:
    """Return all lessons, in the order in which they are best read."""
    return tuple(_read(name) for name in NAMES)


def _read(name: str) -> Lesson:
    return Lesson(name, (_FOLDER / f"{name}.md").read_text(encoding="utf-8"))
