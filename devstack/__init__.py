"""The embedded stack: PostgreSQL, NATS, sinks and the five processes on one machine."""
