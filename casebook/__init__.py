"""The package behind the book: evidence in, tables, charts and pages out."""

__version__ = "0.1.0"
