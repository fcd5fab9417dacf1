"""Tasks (责任链与任务): who answers for what, what each has to do, and the proof that it was done.

Owns units and posts, responsibility chains, yearly plans and obligations, the orders of the
hotlines, and supervisory orders. Tells of units, obligations opened and overdue, duties of the
plan that an event set off, and what becomes of orders of both sorts. Hears of accidents,
investigations and settled leads from incidents, and of enterprises from inspections.
"""
