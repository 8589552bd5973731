"""What must be true before publication: proof by the article, accepted outputs, translations."""
