"""Units with their posts as one states them: one at a time, or whole workbooks in and out.

A workbook may also say who holds the posts and who sits on the committees.
"""
