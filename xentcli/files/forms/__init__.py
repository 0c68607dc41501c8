"""Forms: text files of the field whose lines are no cells of a table, such as fastText's and LibSVM's."""
