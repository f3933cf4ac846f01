"""Judging what others wrote: documents and scenarios, before anything is played."""
