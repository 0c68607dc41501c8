"""Rules XE2: what is wrong with the scores themselves. Floor 6."""
