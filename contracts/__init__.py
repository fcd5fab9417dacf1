"""What the services tell each other: one module per publisher, and the values they share."""
