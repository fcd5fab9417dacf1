"""Everything the services tell each other: one module per publisher, and the value types they share."""
