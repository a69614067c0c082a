"""nbgrader's settings for this course. nbgrader reads this file from the folder in which it is started."""

from autograder.gradebook.settings import configure

c = get_config()  # noqa: F821 -- nbgrader provides it
configure(c)

c.CourseDirectory.course_id = "convolution"
