"""The explorer's JavaScript as one ES module, which is what anywidget hands to the browser."""

import re
from pathlib import Path

# As the modules write it: names in braces, from a file beside them.
IMPORT = re.compile(r'^import \{[^}]*\} from "\./\w+\.js";\n', re.MULTILINE)
EXPORT = re.compile(r"^export (?!default )", re.MULTILINE)


def script(folder: Path = Path(__file__).parent) -> str:
    """Return all modules of `folder` in one text, in which they need no imports of each other.

    Only the default export is left, the widget's. Their order does not matter, since no module does anything before
    the widget is rendered. Their names share one scope: a name that two modules declare is a SyntaxError.
    """
    modules = (path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.js")))
    return "\n".join(EXPORT.sub("", IMPORT.sub("", module)) for module in modules)
