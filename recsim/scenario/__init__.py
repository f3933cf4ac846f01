"""Scenario files: what they may say, how they are read, played and judged."""
