"""Floor 6: coded findings, pure functions of facts."""
