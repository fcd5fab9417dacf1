"""The monthly bulletin: one content, as PDF, DOCX and XLSX."""
