"""Records behave as dataclasses do, and become documents in one way."""

import copy
import pickle
from enum import Enum
from typing import ClassVar, Generic, TypeVar

import pytest

from xentcli.record import MutableRecord, OrderedRecord, Record, as_dict, document, field, fields, json_values, replace

Kind = TypeVar("Kind")


class Colour(Enum):
    """A closed set."""

    RED = "red"


class Point(Record):
    """A frozen record."""

    shared: ClassVar[int] = 7
    x: int
    y: int = 2
    label: str = field(default="", compare=False, repr=False)


class Named(Point):
    """One with a field more."""

    names: list = field(default_factory=list)


class Box(Record, Generic[Kind]):
    """One with fields that documents treat in ways of their own."""

    content: Kind
    colour: Colour = Colour.RED
    of_class: str | None = field(default=None, key="class")
    hidden: int = field(default=0, key=None)
    line: int | None = field(default=None, optional=True)


class Count(MutableRecord):
    """One that changes."""

    start: int
    total: int = field(init=False)

    def __post_init__(self):
        """Derive a field."""
        self.total = self.start * 10


class Place(OrderedRecord):
    """One that sorts."""

    part: int
    row: int
    note: str = field(default="", compare=False)


def test_fields_are_taken_by_position_by_name_or_from_their_defaults():
    assert (Point(1).x, Point(1).y, Point(x=1, y=3).y, Point(1, 3, "a").label) == (1, 2, 3, "a")
    assert fields(Point) == fields(Point(1)) == ("x", "y", "label")
    assert fields(Named) == ("x", "y", "label", "names")


@pytest.mark.parametrize(
    ("values", "named", "says"),
    [
        ((), {}, "Point lacks x"),
        ((1, 2, "a", 4), {}, "Point takes 3 values but 4 were given"),
        ((1,), {"x": 2}, "Point is given 'x' twice"),
        ((1,), {"z": 2}, "Point has no field 'z'"),
        ((), {"y": 2}, "Point lacks x"),
    ],
)
def test_other_arguments_are_refused_by_name(values, named, says):
    with pytest.raises(TypeError, match=f"^{says}$"):
        Point(*values, **named)


def test_a_frozen_record_neither_changes_nor_loses_a_field():
    point = Point(1)
    with pytest.raises(AttributeError, match="cannot assign to field 'x' of a frozen Point"):
        point.x = 2
    with pytest.raises(AttributeError, match="cannot delete field 'x' of a frozen Point"):
        del point.x
    assert point.x == 1


def test_records_are_compared_and_hashed_by_the_fields_that_count_and_by_their_class():
    assert Point(1, 2, "a") == Point(1, 2, "b")
    assert hash(Point(1, 2, "a")) == hash(Point(1, 2, "b"))
    assert Point(1) != Point(2)
    assert Point(1) != Named(1)
    assert repr(Point(1, 2, "a")) == "Point(x=1, y=2)"


def test_a_default_that_is_made_is_made_for_each_record():
    one, other = Named(1), Named(1)
    one.names.append("a")
    assert (one.names, other.names, Named(1, names=["b"]).names) == (["a"], [], ["b"])


def test_a_mutable_record_changes_and_has_no_hash():
    count = Count(2)
    count.total += 1
    assert count.total == 21
    with pytest.raises(TypeError, match="unhashable"):
        hash(count)
    with pytest.raises(TypeError, match="has no field 'total'"):
        Count(2, total=3)


def test_ordered_records_sort_by_the_fields_that_count():
    rows = [Place(1, 0), Place(0, 5, "z"), Place(0, 2)]
    assert sorted(rows) == [Place(0, 2), Place(0, 5), Place(1, 0)]


def test_a_copy_differs_in_what_is_replaced_alone():
    assert replace(Named(1, 3, "a", ["b"]), x=2) == Named(2, 3, "a", ["b"])
    with pytest.raises(TypeError, match="has no field 'z'"):
        replace(Point(1), z=2)


def test_records_match_patterns_and_survive_copies_and_pickles():
    match Point(1, 4):
        case Point(x, y):
            assert (x, y) == (1, 4)
    for made in (copy.deepcopy(Point(1, 4, "a")), pickle.loads(pickle.dumps(Point(1, 4, "a")))):  # noqa: S301  its own bytes
        assert as_dict(made) == {"x": 1, "y": 4, "label": "a"}


def test_a_dictionary_holds_the_records_inside_as_dictionaries_and_keeps_other_types():
    box = Box((Point(1), {"a": [Point(2)]}))
    assert as_dict(box)["content"] == (
        {"x": 1, "y": 2, "label": ""}, {"a": [{"x": 2, "y": 2, "label": ""}]},
    )  # fmt: skip
    assert as_dict(box)["colour"] is Colour.RED


def test_a_document_has_keys_of_its_own_and_leaves_out_what_is_hidden_or_absent():
    assert json_values(Box((1, 1e-05), of_class="cat")) == {"content": [1, 1e-05], "colour": "red", "class": "cat"}
    assert json_values(Box("\ud800", line=3)) == {"content": "\ud800", "colour": "red", "class": None, "line": 3}
    assert list(document({"schema": "a/1"}, Place(1, 2), {"row": None})) == ["schema", "part", "row", "note"]
    assert document({"schema": "a/1"}, Place(1, 2), {"row": None})["row"] is None
