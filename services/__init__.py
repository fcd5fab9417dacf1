"""The four services, each one slice of the domain."""
