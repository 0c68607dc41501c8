"""Findings on finished numbers: what the loss, the accuracy and the calibration of a Score do not say themselves.

Floor 6. `facts` has what the rules read, `every` the list of them; a file holds the rules of one subject.
"""
