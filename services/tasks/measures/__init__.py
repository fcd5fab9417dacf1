"""How a measured duty stands on any day, and closing those that met their target at its end."""
