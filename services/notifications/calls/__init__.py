"""Calls to subscribed systems: signed, retried, in the order of each accident."""
