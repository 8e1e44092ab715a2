"""What an edit of guidance changes: guides matched, the same guide compared, an input found for which the two differ."""
