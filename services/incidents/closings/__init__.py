"""Closings: the four things that are never let go, closing a case, and reopening a closed one."""
