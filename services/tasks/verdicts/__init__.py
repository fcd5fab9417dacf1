"""Verdicts on yearly assessments (考核结论): a unit that failed is to be barred."""
