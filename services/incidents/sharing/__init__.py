"""Sharing: the further places that an accident reaches into, and their desks that read along."""
