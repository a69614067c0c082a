"""Tests in a real JupyterLab and a real Chromium; `make test-all` runs them."""

# The rules that axe (https://github.com/dequelabs/axe-core) tries on a page.
WCAG_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
