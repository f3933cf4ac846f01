"""Judging captured logs of callbacks against the same tables that recsim plays by."""
