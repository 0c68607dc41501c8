"""Rules XE4: what the loss, the accuracy and the calibration of a Score do not say themselves. Floor 6."""
