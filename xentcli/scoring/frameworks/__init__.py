"""What each framework would have reported for the same rows, as views of a Tally.

Floor 5. `view` is the entrance; `multiclass`, `binary` and `multilabel` list the calls of their tasks, `means` has
the denominators, `reasons` the sentences, `entry` compares with the headline numbers.
"""
