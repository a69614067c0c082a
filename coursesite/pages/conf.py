"""Sphinx's settings for the course's site. `coursesite.pages` lays these files out beside the documents.

Nothing is asked for from elsewhere, neither here nor by the finished pages: MathJax is shipped, and the theme has its
icons with it and uses the reader's own fonts.
"""

import os
import tomllib
from pathlib import Path

KIT = Path(os.environ["COURSESITE_KIT"])  # this file is a copy, which lies elsewhere

project = "Convolution, by hand and in NumPy"
author = "the authors of the course kit for convolution"
release = tomllib.loads((KIT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.mathjax", "sphinx.ext.napoleon"]
source_suffix = {".md": "myst-nb", ".ipynb": "myst-nb"}
# A widget has a still picture with it; in the text, … stands for what is left out of a line of code.
suppress_warnings = ["mystnb.unknown_mime_type", "misc.highlighting_failure"]

myst_enable_extensions = ["amsmath", "attrs_inline", "colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 4
nb_execution_mode = "off"  # the labs are executed before, once for the site and the tests
nb_mime_priority_overrides = [("html", "text/html", 0)]

autodoc_member_order = "bysource"
autodoc_typehints = "description"
add_module_names = False
napoleon_google_docstring = True
napoleon_use_rtype = False

html_theme = "pydata_sphinx_theme"
html_title = project
html_static_path = ["_static"]
html_css_files = ["site.css"]
# These have no pages below them.
html_sidebars = {name: [] for name in ("students", "lite", "assignment/*", "docs/*", "search")}
html_show_sourcelink = False
html_copy_source = False
html_theme_options = {
    "logo": {"text": "Convolution"},
    "header_links_before_dropdown": 5,
    "navbar_end": ["theme-switcher"],
    "navbar_align": "left",
    "secondary_sidebar_items": ["page-toc"],
    "show_prev_next": True,
    "footer_start": ["copyright"],
    "footer_end": [],
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}
copyright = "the authors of the kit, MIT licence"  # Sphinx's name

mathjax_path = "mathjax/tex-svg.js"  # one file: formulas become drawings, and need no font
mathjax3_config = {"options": {"enableMenu": False}}  # whose submenus load more
