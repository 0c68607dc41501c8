"""Nested columns: objects, maps and lists of objects become columns like any other, named `a.b`."""
