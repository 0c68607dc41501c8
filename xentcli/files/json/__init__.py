"""Readers of JSON: lines of objects, and one array of objects."""
