"""Levels: how much the fact that makes a pair says that its labels and scores belong together.

Floor 3.
"""

NAMED_GROUP, BASE, BLOCK, INDEX, SINGLE, SHARE = 5.0, 4.95, 4.9, 4.0, 3.0, 2.9
UNNAMED, LONELY, OPEN, DECISIONS = 2.5, 2.4, 2.0, 1.0
"""How much a fact says that labels and scores belong together, the most first.

A score whose name holds the label's own, as `rain_prob` beside `rain`, or a class says more than two values do.
"""
