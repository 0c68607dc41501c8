"""Readers of formats whose cells have types: Parquet, Arrow, ORC, NumPy, and what pandas reads whole."""
