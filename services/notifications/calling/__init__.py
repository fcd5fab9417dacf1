"""Makes the queued calls: the only place of this service that connects to foreign systems."""
