"""An accident's story in order: who told whom, when it was due, what was late."""
