"""Reading: what every column of a prediction file is, decided by elimination from facts.

Candidates are generated, each fact kills or supports one with a sentence, and the one that lives is taken. How well a
reading scores is never looked at.
"""
