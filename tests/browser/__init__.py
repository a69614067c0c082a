"""Tests in a real JupyterLab and a real Chromium; `make test-all` runs them."""
