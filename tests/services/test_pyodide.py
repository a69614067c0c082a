"""Pyodide itself, under Node: all that needs no NumPy runs in WebAssembly, and the rest is Python 3.14."""

import json

from test_explorer_script import node

from coursesite import parcels
from coursesite.labs import lay_out
from coursesite.lite import release
from notebooks.explorer.script import script

# What the site's JupyterLab has beside Pyodide's core, and this test has not.
BROUGHT = {"numpy", "matplotlib", "PIL", "IPython", "anywidget", "traitlets"}
SCRIPT = """
import { loadPyodide } from %(pyodide)s;
const python = await loadPyodide();
python.mountNodeFS("/course", %(course)s);
console.log(python.runPython(`
import importlib, json, os, pathlib, sys, types
os.chdir("/course/assignment/conv2d")
sys.path[:0] = ["/course/assignment/conv2d", "/course"]
course = pathlib.Path("/course")
names = []
for path in sorted(course.rglob("*.py")):
    compile(path.read_text(), str(path), "exec")
    parts = path.relative_to(course).with_suffix("").parts
    names.append(".".join(part for part in parts if part != "__init__").removeprefix("assignment.conv2d."))
for path in sorted(course.rglob("*.ipynb")):
    for cell in json.loads(path.read_text())["cells"]:
        if cell["cell_type"] == "code":
            compile("".join(cell["source"]), str(path), "exec")
# A package's own first lines may want NumPy where a module of it does not.
for package in course.rglob("__init__.py"):
    name = ".".join(package.parent.relative_to(course).parts)
    sys.modules[name] = types.ModuleType(name)
    sys.modules[name].__path__ = [str(package.parent)]
outcomes = {}
for name in names:
    try:
        importlib.import_module(name)
        outcomes[name] = "imported"
    except ModuleNotFoundError as error:
        outcomes[name] = error.name
from notebooks.explorer.script import script
json.dumps({"platform": sys.platform, "python": sys.version_info[:2], "outcomes": outcomes, "script": script()})
`));
"""


def test_every_file_of_the_students_is_read_and_every_module_imports_or_lacks_a_package_that_the_site_brings(
    tmp_path,
):
    lay_out(release().files, tmp_path / "course")
    core = parcels.npm_packages() / "pyodide" / "pyodide.mjs"
    code = SCRIPT % {"pyodide": json.dumps(str(core)), "course": json.dumps(str(tmp_path / "course"))}
    (tmp_path / "run.mjs").write_text(code)
    done = node(tmp_path / "run.mjs")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert (said["platform"], said["python"]) == ("emscripten", [3, 14])
    imported = {name for name, outcome in said["outcomes"].items() if outcome == "imported"}
    assert said["script"] == script()
    assert {"data.content", "notebooks.explorer.script", "notebooks.labkit.words"} <= imported
    lacking = {name: outcome for name, outcome in said["outcomes"].items() if outcome != "imported"}
    assert set(lacking.values()) <= BROUGHT and lacking["checks"] == "numpy"
