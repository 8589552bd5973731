"""The site: pages and files that a reader opens, made from executed chapters, and published in one step."""
