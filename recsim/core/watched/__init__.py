"""What the watch looks at, a module for each part of it."""
