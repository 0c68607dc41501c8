"""Comparing: how much better one model is than another on the same rows, and how sure that is.

Floor 5. Pure functions of a PairedTally, of two Scores, or of counts.
"""
