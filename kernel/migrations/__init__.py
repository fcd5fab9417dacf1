"""Brings databases to the newest shape: the kernel's tables first, then the service's own."""
