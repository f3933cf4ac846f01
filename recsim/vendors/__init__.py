"""Vendors: what a platform of theirs does, as tables and words. They do not know `world`."""
