"""The public functions: they compose the floors below and return frozen results.

Floor 8. One module a function, so that `inspect` does not wait for what only `score` needs. Nothing here
prints, and every failure is an `XentError`.
"""
