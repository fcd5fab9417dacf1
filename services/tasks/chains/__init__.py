"""Responsibility chains: who answers for an enterprise, a hazard or an accident on a day."""
