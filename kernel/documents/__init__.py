"""Documents: content that knows no format, and the files that are made of it.

`content` holds what a document says; `pdf`, `docx` and `xlsx` make a file each; `typesetting`
and `word` are what they are built of, for a look of one's own; `answers` is the HTTP of it.
The same content at the same time makes the same bytes.
"""
