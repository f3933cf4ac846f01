"""Fixtures of pytest for tests against a server.

A suite has them by `pytest_plugins = ["recsim.live.fixtures"]` in its topmost conftest.py.

```python
@pytest.mark.recsim_server(voice_url="http://127.0.0.1:5000/voice")
def test_a_message_is_taken(recsim_server):
    recsim_server.call(name="anna")
    recsim_server.clock.until_idle()
```
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from recsim.live.local import Steering, serve
from recsim.live.process import serve_apart

MARKER = "recsim_server(scenario=None, **options): how the fixture of that name is served"


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", MARKER)


@pytest.fixture
def recsim_server(request: pytest.FixtureRequest) -> Iterator[Steering]:
    """A server in this process, with a manual clock.

    The marker of the same name takes what `recsim.live.local.serve` does.
    """
    marker = request.node.get_closest_marker("recsim_server")
    args, options = ((), {}) if marker is None else (marker.args, marker.kwargs)
    with serve(*args, **options) as server:
        yield server


@pytest.fixture
def recsim_serve() -> Iterator[Callable[..., Steering]]:
    """Starts servers in this process where a test knows only then how, and ends them.

    Takes what `recsim.live.local.serve` does.
    """
    with ExitStack() as stack:

        def start(*args: Any, **options: Any) -> Steering:
            return stack.enter_context(serve(*args, **options))

        yield start


@pytest.fixture
def recsim_process() -> Iterator[Callable[..., Steering]]:
    """Starts servers in processes of their own, by the words of the command line, and ends them."""
    with ExitStack() as stack:

        def start(*words: str) -> Steering:
            return stack.enter_context(serve_apart(*words))

        yield start
