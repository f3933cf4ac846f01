"""What notebooks show of values: HTML of less than 50 kB, without scripts, that fetches nothing."""
