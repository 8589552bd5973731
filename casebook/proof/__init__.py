"""What must be true before anything is published: the proof by the article, the accepted outputs, the translations."""
