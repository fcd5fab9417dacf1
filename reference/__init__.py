"""The data packs: the law in `national/`, one city in a folder of its own; every row is dated.

`national` and `city` hold the tables; `regions`, `industries`, `accidents`, `units`, `chains`,
`subjects`, `routing`, `triggers` and `demonstration` answer questions across them. Nothing here
reads a clock: the day is an argument.
"""
