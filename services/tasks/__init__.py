"""Tasks (责任链与任务): who answers for what, what each has to do, and the proof that it was done.

Owns units and posts, responsibility chains, yearly plans and obligations. Tells of units,
obligations opened and overdue, and duties of the plan that an event set off. Hears of
accidents and investigations from incidents, and of enterprises from inspections.
"""
