"""The world around the platform: people, networks, receivers, storage, and all randomness.

`SimPy` has its one home here, in `driver`. Nothing here knows a vendor.
"""
