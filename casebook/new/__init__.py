"""An empty case study of another article."""
