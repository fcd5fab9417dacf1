"""The one door: identity, signatures, limits and forwarding to the services."""
