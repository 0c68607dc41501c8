"""Readers of text with separators: CSV, TSV and their relatives in the wild."""
