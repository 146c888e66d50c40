"""Pages of one person out of several lists."""
