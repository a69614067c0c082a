"""Silent stand-ins for modules that are not mounted, so that a cell which also plots still defines its functions."""

import importlib
import importlib.abc
import importlib.machinery
import sys
import types

import numpy as np


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
        return self

    def __exit__(self, *exception):
        return False


class Progress(Silent):
    """A progress bar that shows nothing and passes its items through."""

    def __init__(self, iterable=(), *arguments, **keywords):
        self._iterable = iterable

    def __iter__(self):
        return iter(self._iterable)

    def __len__(self):
        return len(self._iterable)


def _range(*arguments, **keywords):
    return Progress(range(*arguments))


def _subplots(nrows=1, ncols=1, *, squeeze=True, **keywords):
    """A figure and its axes: one, a row or a grid, as `fig, (left, right) = plt.subplots(1, 2)` unpacks them."""
    axes = np.empty((nrows, ncols), dtype=object)
    for place in np.ndindex(axes.shape):
        axes[place] = Silent()
    if not squeeze:
        return Silent(), axes
    return Silent(), axes[0, 0] if axes.size == 1 else axes.squeeze()


KNOWN = {"tqdm": Progress, "tqdm_notebook": Progress, "trange": _range, "subplots": _subplots}


def _attribute(name):
    return KNOWN.get(name) or Silent()


class StandIns(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds the modules of the listed top-level names before anything else does."""

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
    """What `get_ipython()` gives: magics and shell commands do nothing, `%%time` and its like run their code.

    Args:
        execute: runs source, given how many lines of the block stand above it.
    """

    RUN_THEIR_CODE = frozenset({"time", "capture", "prun"})

    def __init__(self, execute):
        self._execute = execute

    def run_line_magic(self, name, line, *arguments, **keywords):
        if name in self.RUN_THEIR_CODE:
            self._execute(line, sys._getframe(1).f_lineno - 1)

    def run_cell_magic(self, name, line, cell):
        if name in self.RUN_THEIR_CODE:
            self._execute(cell, sys._getframe(1).f_lineno)

    def system(self, command):
        return None

    def getoutput(self, command, *arguments, **keywords):
        return []

    def __getattr__(self, name):
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return Silent()


def install(names, get_ipython):
    """From now on, importing one of `names` gives a stand-in; that of IPython knows the cell's `get_ipython`."""
    sys.meta_path.insert(0, StandIns(names))
    for loaded in [name for name in sys.modules if name.partition(".")[0] in names]:
        del sys.modules[loaded]  # the two files of IPython that are there would hide its stand-in
    if "IPython" in names:
        importlib.import_module("IPython").get_ipython = get_ipython
