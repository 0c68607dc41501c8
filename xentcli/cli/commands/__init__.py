"""The commands: a file each, loaded only where the command is run; `run` takes a call and returns the exit status.

Floor 9. The table of options says what a command takes, `call` does what all commands share.
"""
