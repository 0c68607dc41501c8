"""What frameworks would report for the same rows: their per-row losses as differences to the headline loss, added up.

Floor 4. `bernoulli`, `categorical` and `one_hot` are the formulas, `sums` names them and holds the exact sums, `single`
and `several` fill them from blocks. `scoring.frameworks` makes reports of them.
"""
