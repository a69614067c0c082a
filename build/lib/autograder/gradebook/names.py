"""Students' names as nbgrader takes them: names of folders, keys in its tables, and text in its pages."""

LONGEST = 128  # in nbgrader's tables
# formgrader puts names into its pages and their scripts as they are.
_MARKUP = '<>"\\'


def is_folder_name(student: str) -> bool:
    """Whether this names one folder. A results file is data like any other: a name in it may lead elsewhere."""
    return student not in ("", ".", "..") and "/" not in student and "\0" not in student


def unfit(student: str) -> str | None:
    """Why nbgrader cannot be given this name, in a sentence with the cure; None for a good one."""
    if not is_folder_name(student):
        return "The name is not that of a student's folder."
    if len(student) > LONGEST:
        return f"nbgrader takes names of up to {LONGEST} characters. Rename the folder."
    try:
        student.encode()
    except UnicodeEncodeError:
        return "The folder's name is not UTF-8 text. Rename the folder."
    if any(character in _MARKUP or not character.isprintable() for character in student):
        return (
            "nbgrader's pages would take < > \" \\ and control characters in a name for their own code. "
            "Rename the folder."
        )
    return None
