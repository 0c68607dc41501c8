"""Pairing: what two models make of the same rows, row by row, in memory that does not grow with the files.

Floor 4. A pass leaves its rows in a `Recorder`; `join` brings the rows of two together; `PairedTally` adds them up.
"""
