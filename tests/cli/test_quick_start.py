"""A server that starts loads what its first page needs, and nothing of what it does not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.cli.installed import Installed

# What each of these does is asked for later, or by few: each is loaded when it is.
LATER = frozenset(
    {
        "alembic", "authlib", "holidays", "joserfc", "lxml", "mako", "OpenSSL", "pikepdf", "PIL",
        "pygments", "pypdfium2", "requests", "urllib3", "webauthn", "zxcvbn",
    }
)  # fmt: skip
START = """
import sys
from pathlib import Path
from portal.cli.installation import engine_of, require_current, settings_of
from portal.cli.server import Server

data = Path(sys.argv[1])
settings = settings_of(data)
engine = engine_of(settings)
require_current(engine, data)
app = Server(settings, "127.0.0.1:1", 1, 4).load()
page = app.test_client().get("/sign-in", base_url=settings.base_url)
assert page.status_code == 200, page.status
print(*{name.partition(".")[0] for name in sys.modules})
"""


def test_the_first_page_waits_for_nothing_that_it_does_not_need(installed: Installed) -> None:
    done = subprocess.run(
        [sys.executable, "-c", START, str(installed.data)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        cwd=Path(__file__).resolve().parents[2],
    )
    assert done.returncode == 0, done.stderr
    loaded = set(done.stdout.split())
    assert {"flask", "sqlalchemy"} <= loaded
    assert loaded & LATER == set()
