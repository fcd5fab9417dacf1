"""Rankings as they were published: frozen, numbered, and corrected only by a further version."""
