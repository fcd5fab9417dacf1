"""How far an obligation is that several units share, and whose delay it was."""
