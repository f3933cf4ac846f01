"""The REST API: reads the platform, issues commands, answers. No HTTP library.

A module for each subject; `routes` says which request goes where.
"""

from recsim.vendors.telnyx.rest.routes import ROUTES, Rest

__all__ = ["ROUTES", "Rest"]
