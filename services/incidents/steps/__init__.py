"""Steps of an investigation: who on the team does what, by when, with what result."""
