"""One JupyterLab and one Chromium for all browser tests; every test opens pages of its own."""

import pytest

try:
    from browser.jupyter import NotInstalled, chromium, jupyterlab
except ModuleNotFoundError as missing:
    raise pytest.UsageError(f"{missing}: run `make test-all`, which installs it.") from None


@pytest.fixture(scope="session")
def jupyter_server():
    """A running JupyterLab: browser.jupyter.Jupyter."""
    with jupyterlab() as server:
        yield server


@pytest.fixture(scope="session")
def browser():
    """A headless Chromium, as Playwright's Browser."""
    try:
        with chromium() as running:
            yield running
    except NotInstalled as reason:
        pytest.fail(str(reason), pytrace=False)
