"""What `make test` says of a sandbox, once more where namespaces are refused. It takes a minute."""

import re

import pytest

pytestmark = pytest.mark.slow(49)

pytest_plugins = ["containers"]

# Not the tests of tier 1's own wall and size of /tmp, and not the one that looks into another process's /proc, which
# Docker's capabilities do not allow.
CHOICE = {"test_sandbox_server.py": "not cannot_isolate and not of_the_size and not passes_on"}


@pytest.mark.parametrize("file", ["test_sandbox.py", "test_sandbox_attacks.py", "test_sandbox_server.py"])
def test_what_is_said_of_a_sandbox_holds_in_a_container_too(in_docker, file):
    done = in_docker(
        "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", "-k", CHOICE.get(file, ""), f"tests/{file}"
    )
    assert done.returncode == 0, done.stdout[-3000:]
    assert int(re.search(r"(\d+) passed", done.stdout)[1]) >= 7
