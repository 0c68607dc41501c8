"""Rules XE3: scores that meet the wrong classes, rows or ids. Floor 6."""
