"""What an extra brings is asked for by name where it is missing, and only where it is needed."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("module", "library", "extra"),
    [
        ("recsim.strategies", "hypothesis", "prove"),
        ("recsim.live.local", "httpx", "serve"),
        ("recsim.live.server", "uvicorn", "serve"),
    ],
)
def test_what_needs_an_extra_names_it(module, library, extra):
    code = f"import sys; sys.modules[{library!r}] = None\nimport recsim\nimport {module}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    told = f"ImportError: expected {library}, which pip install 'recsim[{extra}]' brings"
    assert done.stderr.splitlines()[-1] == told


@pytest.mark.parametrize("words", [["serve"], ["grade", "http://127.0.0.1:1/"]])
def test_commands_that_need_an_extra_name_it(words):
    code = (
        "import sys; sys.modules['httpx'] = None\n"
        f"sys.argv = ['recsim', *{words!r}]\n"
        "from recsim.cli import main; main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert done.stderr == "expected httpx, which pip install 'recsim[serve]' brings\n"
