"""Makes an environment in the folder .venv, installs what the assignment needs, and opens JupyterLab.

    python start.py             # the first time this takes a few minutes, later it only opens
    python start.py --install   # only installs: for VS Code, and for any other place to open a notebook

Nothing outside this folder changes. It is written so that a Python of any age can read it and say whether it fits.
"""

from __future__ import print_function

import os
import subprocess
import sys

OLDEST, NEWEST = (3, 11), (3, 14)  # the Pythons that the assignment was tested with
HERE = os.path.dirname(os.path.abspath(__file__))
ENVIRONMENT = os.path.join(HERE, ".venv")
SCRIPTS = os.path.join(ENVIRONMENT, "Scripts" if os.name == "nt" else "bin")
PYTHON = os.path.join(SCRIPTS, "python")
PATHS = (  # seen from the environment, so that the folder may be moved
    "import os, sys; home = os.path.dirname(sys.prefix); "
    "sys.path += [home, os.path.join(home, 'assignment', '@name@')]\n"
)
DONE = os.path.join(ENVIRONMENT, "@name@-installed")


def main():
    told = misfit(sys.version_info[:2])
    if told:
        return told
    try:
        if not os.path.exists(DONE):
            install()
        if "--install" in sys.argv[1:]:
            print("Ready. The environment's Python is " + PYTHON)
            return 0
        return subprocess.call([PYTHON, "-m", "jupyterlab"], cwd=HERE)
    except (subprocess.CalledProcessError, OSError) as error:
        return (
            "This did not work: the lines above say why. When that is mended, run this again. ("
            + str(error)
            + ")"
        )
    except KeyboardInterrupt:
        return "Stopped."


def misfit(version):
    """Why this Python, a pair such as (3, 12), will not do, in a sentence; "" where it will."""
    if OLDEST <= version <= NEWEST:
        return ""
    names = tuple("%d.%d" % pair for pair in (version, OLDEST, NEWEST))
    age = "old" if version < OLDEST else "new"
    return (
        "Python %s is too %s for this assignment: use Python %s to %s, from https://www.python.org/downloads/."
        % (names[0], age, names[1], names[2])
    )


def install():
    """Make the environment, and let its Python find the assignment, the labs and the data from any folder."""
    print("Installing into .venv; this takes a few minutes, once.")
    sys.stdout.flush()
    subprocess.check_call([sys.executable, "-m", "venv", ENVIRONMENT])
    pip = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--quiet"]
    pip += ["--no-compile"]  # Python compiles what it imports, and most of this is never imported
    subprocess.check_call(pip + ["-r", "requirements.txt", "-c", "constraints.txt"], cwd=HERE)
    command = [PYTHON, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    packages = subprocess.check_output(command).decode().strip()
    with open(os.path.join(packages, "@name@-student.pth"), "w") as paths:
        paths.write(PATHS)
    open(DONE, "w").close()


if __name__ == "__main__":
    sys.exit(main())
