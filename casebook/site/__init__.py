"""The site: pages and files for a reader, made from executed chapters, published in one step."""
