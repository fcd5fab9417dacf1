"""Casualties as people: who they are is sealed, shown masked, opened only with a reason."""
