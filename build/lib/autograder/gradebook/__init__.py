"""nbgrader: the only room that imports it. Plain nbgrader commands and formgrader grade through the sandbox."""
