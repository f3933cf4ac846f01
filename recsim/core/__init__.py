"""The platform, pure: commands in, effects out, its timers part of its state.

Nothing here knows a vendor, a clock, a file, a socket or a random number.
"""
