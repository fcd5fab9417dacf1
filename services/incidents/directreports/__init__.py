"""Direct reports: what the unit of an accident must tell a higher level itself, and that it did."""
