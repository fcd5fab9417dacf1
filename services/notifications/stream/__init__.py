"""Live updates: what arrives in an inbox, as server-sent events."""
