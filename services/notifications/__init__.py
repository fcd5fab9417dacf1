"""Notifications: tells people and subscribed systems what happened, and asks until one answers.

Owns the directory of units and posts, messages and their deliveries, alarms with their
escalation, and outgoing webhooks. Hears incidents, tasks and inspections; tells that an
alarm was acknowledged, or that a whole chain stayed silent.
"""
