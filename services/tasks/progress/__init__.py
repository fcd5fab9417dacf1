"""How far an obligation is: what counts, what is missing by when, and whose part is how much."""
