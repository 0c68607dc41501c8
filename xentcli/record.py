"""Records: classes whose fields are their annotations, frozen or not.

Floor 0. What `dataclasses` does, at a fraction of the price: a dataclass compiles its methods when it is defined, .4 ms
each, which for the records of a run took longer than its arithmetic. Here all records share theirs, and defining one
costs .01 ms. The words are those of `dataclasses`: `field`, `fields`, `replace`, `as_dict`, `__post_init__`; type
checkers know both by `dataclass_transform`.
"""

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, ClassVar, Self, TypeVar, dataclass_transform

_MISSING: Any = object()
AnyRecord = TypeVar("AnyRecord", bound="_Fields")


class Field:
    """What `field` says of a field beyond its type."""

    __slots__ = ("compare", "default", "factory", "init", "key", "optional", "repr")

    def __init__(
        self,
        default: Any = _MISSING,
        factory: Callable[[], Any] | None = None,
        *,
        init: bool = True,
        repr: bool = True,  # noqa: A002  the word of dataclasses
        compare: bool = True,
        key: str | None = "",
        optional: bool = False,
    ) -> None:
        """Keep what is said."""
        self.default, self.factory, self.init, self.repr, self.compare = default, factory, init, repr, compare
        self.key, self.optional = key, optional


def field(
    *,
    default: Any = _MISSING,
    default_factory: Callable[[], Any] | None = None,
    init: bool = True,
    repr: bool = True,  # noqa: A002  likewise
    compare: bool = True,
    key: str | None = "",
    optional: bool = False,
) -> Any:
    """Return what a field is; all but the last two as `dataclasses.field` has them.

    Args:
        default: its value where none is given.
        default_factory: makes that value for each record anew.
        init: whether the constructor takes it; else `__post_init__` sets it.
        repr: whether the record's text shows it.
        compare: whether it counts when records are compared.
        key: what it is called in documents, where that is not its name; None keeps it out of them.
        optional: whether documents leave it out where it is None.
    """
    return Field(default, default_factory, init=init, repr=repr, compare=compare, key=key, optional=optional)


class _Fields:
    """What both kinds of records share."""

    __fields__: ClassVar[dict[str, Field]] = {}
    __arguments__: ClassVar[tuple[str, ...]] = ()
    __match_args__: ClassVar[tuple[str, ...]] = ()
    __defaults__: ClassVar[dict[str, Any]] = {}
    __made__: ClassVar[tuple[tuple[str, Callable[[], Any]], ...]] = ()
    __required__: ClassVar[frozenset[str]] = frozenset()

    def __init_subclass__(cls) -> None:
        """Learn the fields from the annotations, those of the base class first."""
        super().__init_subclass__()
        found = dict(cls.__fields__)
        for name, kind in cls.__annotations__.items():
            if _is_class_variable(kind):
                continue
            given = cls.__dict__.get(name, _MISSING)
            if isinstance(given, Field):
                if given.default is _MISSING:
                    delattr(cls, name)
                else:
                    setattr(cls, name, given.default)
                found[name] = given
            else:
                found[name] = Field(given)
        cls.__fields__ = found
        cls.__arguments__ = tuple(name for name, one in found.items() if one.init)
        cls.__match_args__ = cls.__arguments__  # type: ignore[misc]  # mypy takes it for a constant
        cls.__defaults__ = {name: one.default for name, one in found.items() if one.default is not _MISSING}
        cls.__made__ = tuple((name, one.factory) for name, one in found.items() if one.factory is not None)
        optional = {*cls.__defaults__, *(name for name, _ in cls.__made__)}
        cls.__required__ = frozenset(cls.__arguments__) - optional

    def __init__(self, *values: Any, **named: Any) -> None:
        """Take the values of the fields, by position or by name."""
        names = self.__arguments__
        held = self.__dict__
        held.update(self.__defaults__)
        held.update(zip(names, values, strict=False))
        held.update(named)
        if named or len(values) != len(names):
            _check_arguments(self, values, named)
        for name, make in self.__made__:
            if name not in held:
                held[name] = make()
        self.__post_init__()

    def __post_init__(self) -> None:
        """Do what a kind of record does once its fields are set; nothing here."""

    def __repr__(self) -> str:
        """Return the class and its fields."""
        shown = (f"{name}={getattr(self, name)!r}" for name, one in self.__fields__.items() if one.repr)
        return f"{type(self).__qualname__}({', '.join(shown)})"

    def __eq__(self, other: object) -> bool:
        """Whether the other is of the same class and its fields are equal."""
        if type(other) is not type(self):
            return NotImplemented
        return _compared(self) == _compared(other)

    def __hash__(self) -> int:
        """Return a hash of the fields."""
        return hash((type(self), *_compared(self)))


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
class Record(_Fields):
    """A frozen record: its fields are set once, by the constructor."""

    def __setattr__(self, name: str, value: Any) -> None:
        """Refuse: a record does not change.

        Raises:
            AttributeError: always.
        """
        raise AttributeError(f"cannot assign to field {name!r} of a frozen {type(self).__name__}")

    def __delattr__(self, name: str) -> None:
        """Refuse likewise.

        Raises:
            AttributeError: always.
        """
        raise AttributeError(f"cannot delete field {name!r} of a frozen {type(self).__name__}")


class OrderedRecord(Record):
    """A frozen record that sorts by its fields."""

    def __lt__(self, other: Self) -> bool:
        """Whether the fields that count stand before those of the other."""
        return _compared(self) < _compared(other)


@dataclass_transform(field_specifiers=(field,))
class MutableRecord(_Fields):
    """A record whose fields may change, such as a tally while rows are added."""

    __hash__ = None  # type: ignore[assignment]  # what changes has no hash


def replace(record: AnyRecord, **changes: Any) -> AnyRecord:
    """Return a copy of a record with other values in some fields, as `dataclasses.replace` does."""
    held = {name: getattr(record, name) for name in record.__arguments__}
    return type(record)(**{**held, **changes})


def fields(record: "_Fields | type[_Fields]") -> tuple[str, ...]:
    """Return the names of a record's fields, in order."""
    return tuple(record.__fields__)


def as_dict(record: _Fields) -> dict[str, Any]:
    """Return the fields of a record by name, and of all records in it, as `dataclasses.asdict` does."""
    return {name: _plain(getattr(record, name)) for name in record.__fields__}


def _plain(value: Any) -> Any:
    if isinstance(value, _Fields):
        return as_dict(value)
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*map(_plain, value))
    if isinstance(value, tuple | list):
        return type(value)(map(_plain, value))
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return value


def json_values(value: Any) -> Any:
    """Return a value as JSON has it: records and mappings become dicts, enums their values, tuples lists.

    Numbers stay as they are: what JSON cannot say (NaN, infinity) is for the view that writes it.
    """
    if isinstance(value, _Fields):
        held = ((one.key or name, getattr(value, name), one) for name, one in value.__fields__.items())
        return {
            key: json_values(given)
            for key, given, one in held
            if one.key is not None and not (one.optional and given is None)
        }
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple | list):
        return [json_values(one) for one in value]
    if isinstance(value, Mapping):
        return {key: json_values(one) for key, one in value.items()}
    return value


def document(*parts: _Fields | Mapping[str, Any]) -> dict[str, Any]:
    """Return records and mappings, one after the other, as one JSON object."""
    return {key: one for part in parts for key, one in json_values(part).items()}


def _compared(record: _Fields) -> tuple[Any, ...]:
    return tuple(getattr(record, name) for name, one in record.__fields__.items() if one.compare)


def _is_class_variable(kind: Any) -> bool:
    return kind.startswith("ClassVar") if isinstance(kind, str) else getattr(kind, "__origin__", None) is ClassVar


def _check_arguments(record: _Fields, values: tuple[Any, ...], named: dict[str, Any]) -> None:
    """Raise if the constructor of a record was called with too many values, too few, or others.

    Raises:
        TypeError: naming the fields.
    """
    name, known = type(record).__name__, record.__arguments__
    if len(values) > len(known):
        raise TypeError(f"{name} takes {len(known)} values but {len(values)} were given")
    positional = known[: len(values)]
    for one in named:
        if one not in known:
            raise TypeError(f"{name} has no field {one!r}")
        if one in positional:
            raise TypeError(f"{name} is given {one!r} twice")
    missing = record.__required__.difference(positional, named)
    if missing:
        raise TypeError(f"{name} lacks {', '.join(one for one in known if one in missing)}")
