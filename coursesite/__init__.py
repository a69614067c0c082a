"""The course's site: labs, assignment and manuals as pages, and a JupyterLab that runs in the browser.

    python -m coursesite            # writes dist/site, as `make site` does

`labs` executes the labs, `in_browser` forbids meanwhile what a browser lacks, `pages` lays the sources out for Sphinx,
`parcels` brings what other people publish (MathJax, Pyodide, wheels), `lite` builds the JupyterLab. The texts are in
`pages/`. It is called coursesite since `site` is a module of Python's own.
"""
