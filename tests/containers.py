"""The fixture `in_docker`: Python in a container that refuses namespaces, simulated by `tests/dockerlike.py`."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def in_docker():
    """Runs Python with its arguments where namespaces are refused, and sees that no folder is left behind."""

    def run(*arguments: str) -> subprocess.CompletedProcess:
        command = [sys.executable, "-m", "tests.dockerlike", *arguments]
        with tempfile.TemporaryDirectory() as folder:  # a short name, since sockets are bound in it
            environment = {**os.environ, "TMPDIR": folder}
            done = subprocess.run(
                command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
            )
            assert list(Path(folder).glob("sandbox-*")) == []
        return done

    return run
