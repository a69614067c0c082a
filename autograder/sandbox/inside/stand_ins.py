"""Silent stand-ins for modules that are not mounted, so that a cell which also plots still defines its functions."""

import importlib.abc
import importlib.machinery
import sys
import types


class Silent:
    """Accepts whatever a plotting or display call does with it, and does nothing."""

    def __call__(self, *arguments, **keywords):
        return Silent()

    def __getattr__(self, name):
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return _attribute(name)

    def __getitem__(self, key):
        return Silent()

    def __setitem__(self, key, value):
        pass

    def __iter__(self):
        return iter(())

    def __enter__(self):
        return Silent()

    def __exit__(self, *exception):
        return False


def _first_argument(iterable=(), *arguments, **keywords):
    return iterable


def _attribute(name):
    """`tqdm(range(3))` must go on yielding; `fig, ax = plt.subplots()` must unpack."""
    known = {
        "tqdm": _first_argument,
        "tqdm_notebook": _first_argument,
        "trange": range,
        "subplots": lambda *arguments, **keywords: (Silent(), Silent()),
    }
    return known.get(name) or Silent()


class StandIns(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds the modules of the listed top-level names when nothing else did."""

    def __init__(self, names):
        self.names = frozenset(names)

    def find_spec(self, fullname, path=None, target=None):
        if fullname.partition(".")[0] in self.names:
            return importlib.machinery.ModuleSpec(fullname, self, is_package=True)
        return None

    def create_module(self, spec):
        module = types.ModuleType(spec.name, "A stand-in that does nothing: pictures are not drawn here.")
        module.__getattr__ = _module_attribute
        return module

    def exec_module(self, module):
        pass


def _module_attribute(name):
    if name.startswith("__") and name.endswith("__"):
        raise AttributeError(name)
    return _attribute(name)


class NotebookShell:
    """What `get_ipython()` gives: magics and shell commands do nothing, `%%time` and its like run their cell."""

    RUN_THEIR_CELL = frozenset({"time", "capture", "prun"})

    def __init__(self, run):
        self._run = run

    def run_line_magic(self, name, line, *arguments, **keywords):
        return None

    def run_cell_magic(self, name, line, cell):
        if name in self.RUN_THEIR_CELL:
            self._run(cell)

    def system(self, command):
        return None

    def getoutput(self, command, *arguments, **keywords):
        return []

    def __getattr__(self, name):
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return Silent()


def install(names):
    sys.meta_path.append(StandIns(names))
