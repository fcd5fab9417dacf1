"""Dispatches: the part of an order that one unit holds, from sending to its answer or return."""
