"""Names and addresses of the class, put into nbgrader's gradebook, whose pages and exports show "None, None" without them."""

from collections.abc import Iterable
from dataclasses import dataclass

from nbgrader.api import Student
from sqlalchemy import select

from autograder.gradebook.course import Course
from autograder.gradebook.names import unfit


@dataclass(frozen=True)
class Named:
    """What the gradebook keeps of a student; what is not known is empty, and leaves what is there."""

    student: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""


def name_students(course: Course, students: Iterable[Named]) -> int:
    """Adds students and their names; returns of how many. Names that nbgrader cannot take are left out.

    Raises `NoGradebook` and `Locked`.
    """
    named = {each.student: each for each in students if unfit(each.student) is None}
    with course.open() as gradebook, course.locked():
        known = {row.id: row for row in gradebook.db.scalars(select(Student))}
        for student, each in named.items():
            row = known.get(student)
            if row is None:
                row = Student(id=student)
                gradebook.db.add(row)
            for field in ("first_name", "last_name", "email"):
                if value := getattr(each, field):
                    setattr(row, field, value)
        gradebook.db.commit()
    return len(named)
