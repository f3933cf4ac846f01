"""The platform behind real sockets: the REST API, real callbacks, and a clock one can step.

Needs `pip install 'recsim[serve]'`.
"""

from importlib.util import find_spec

for library in ("httpx", "uvicorn", "nacl"):
    if find_spec(library) is None:
        raise ImportError(
            f"expected {library}, which pip install 'recsim[serve]' brings", name=library
        )
