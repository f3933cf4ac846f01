"""Every legal order of a small scenario: a search that forks the platform at every choice."""
