"""Bystanders: what anybody at the scene reports without an account, until a desk has looked."""
