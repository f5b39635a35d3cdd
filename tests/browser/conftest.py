import os

import pytest

from tests.browser.browser import Browser, missing


@pytest.fixture(scope="session")
def chromium():
    """A real browser, started once a run."""
    lacks = missing()
    if lacks is not None:
        # Where CI runs, all of it is installed: there nothing may be passed over.
        if os.environ.get("CI"):
            pytest.fail(lacks)
        pytest.skip(lacks)
    browser = Browser()
    yield browser
    browser.close()
