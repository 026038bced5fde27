"""Files that customers and agents send: taken in, judged by content, kept, given out."""
