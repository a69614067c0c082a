"""Text for a CSV file that people open in a spreadsheet, where a name such as `=cmd|…` would be a formula.

The rule is OWASP's (https://owasp.org/www-community/attacks/CSV_Injection): an apostrophe before a leading =, +, -, @
or control character makes a cell text. Quoting, which the `csv` module does, does not.
"""

# Spreadsheets take the full-width forms, which East Asian keyboards write, for the same signs.
_FORMULA = tuple("=+-@＝＋－＠")


def harmless_cell(value: object) -> object:
    """The value for a CSV writer: numbers as they are, text as one line that no spreadsheet takes for a formula."""
    if value is None or isinstance(value, int | float):
        return value
    text = str(value)
    line = "".join(character if character.isprintable() else " " for character in text)
    # The apostrophe also where only blanks come first: some programs drop them before they look.
    suspect = line.lstrip().startswith(_FORMULA) or text[:1] in ("\t", "\r", "\n")
    return f"'{line}" if suspect else line
