"""The gate: whether a model's numbers keep their limits.

Floor 7. Pure functions of a Score, of a comparison with a baseline, and of limits.
"""
