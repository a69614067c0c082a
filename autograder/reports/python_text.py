"""Python source, read by one regular expression whose time grows with the length of the text alone, whatever the text is."""

import re

# Strings first, since a comment's sign may stand in them. No repeat is nested in another one: time is linear.
TOKEN = re.compile(
    r'''(?P<string>[rbufRBUF]{0,2}(?:"""(?s:.*?)(?:"""|\Z)|\'\'\'(?s:.*?)(?:\'\'\'|\Z)'''
    r"""|"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?))"""
    r"|(?P<comment>\#[^\n]*)|(?P<name>[^\W\d]\w*)|(?P<number>\.?\d[\w.]*)|(?P<newline>\n)"
    r"|(?P<sign>\*\*=|//=|>>=|<<=|->|:=|[-+*/%@&|^=<>!]=|\*\*|//|<<|>>|[^\s])"
)
