"""A widget's JavaScript as one ES module, which is what anywidget hands to the browser."""

import re
from collections.abc import Sequence
from pathlib import Path

# As the modules write it: names in braces, from a file beside them or beside the explorer.
IMPORT = re.compile(r'^import \{[^}]*\} from "\.(?:/|\./explorer/)\w+\.js";\n', re.MULTILINE)
EXPORT = re.compile(r"^export (?!default )", re.MULTILINE)


def script(folder: Path = Path(__file__).parent, others: Sequence[Path] = ()) -> str:
    """Return all modules of `folder`, and `others`, in one text, in which they need no imports of each other.

    Only the default export is left, the widget's. Their order does not matter, since no module does anything before
    the widget is rendered. Their names share one scope: a name that two modules declare is a SyntaxError.
    """
    paths = [*others, *sorted(folder.glob("*.js"))]
    modules = (path.read_text(encoding="utf-8") for path in paths)
    return "\n".join(EXPORT.sub("", IMPORT.sub("", module)) for module in modules)
