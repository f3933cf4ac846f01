"""What docs/serve.md shows, run as it stands but for its ports."""

from __future__ import annotations

import re
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

from recsim.live import local
from recsim.live.control import ACTS, ROUTES

PAGE = (Path(__file__).parents[2] / "docs" / "serve.md").read_text()
APP, _, _, SUITE = re.findall(r"^```python\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


@contextmanager
def running(app: str):
    """The application of the page on a free port, which it says; yields its URL and its process."""
    app = app.replace("5000", "0").replace(
        '", 0), App).serve', '", 0), App); print(s.server_port, flush=True); s.serve'
    )
    app = app.replace('HTTPServer(("', 's = HTTPServer(("')
    with subprocess.Popen(
        [sys.executable, "-c", app], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            assert process.stdout is not None
            yield f"http://127.0.0.1:{int(process.stdout.readline())}", process.stdout
        finally:
            process.kill()


def test_the_application_gets_its_first_callback():
    with running(APP) as (url, said), local.serve(voice_url=f"{url}/voice") as server:
        server.call(name="anna")
        server.act("anna", "speak", for_="4s")
        server.clock.by("5s")
        server.act("anna", "hang_up")
        server.clock.until_idle()

        assert said.readline().startswith("/voice AccountSid=")
        assert "RecordingStatus=completed" in said.readline()


def test_the_test_of_the_page_passes(tmp_path):
    with running(APP) as (url, _):
        suite = SUITE.replace("http://127.0.0.1:5000", url).partition("def test_where")[0]
        (tmp_path / "conftest.py").write_text('pytest_plugins = ["recsim.live.fixtures"]\n')
        (tmp_path / "test_page.py").write_text(suite)
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
        done = subprocess.run(
            command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60
        )

    assert "1 passed" in done.stdout, done.stdout


def test_what_can_be_asked_is_told():
    paths = {route.template.partition("{")[0].rstrip("/") for route in ROUTES}

    assert [path for path in paths if path not in PAGE] == []
    assert [word for word in ACTS if word not in PAGE] == []
