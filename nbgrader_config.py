"""nbgrader's settings for this course. nbgrader reads this file from the folder in which it is started."""

from autograder.gradebook.settings import configure

c = get_config()  # noqa: F821 -- nbgrader provides it
configure(c)

c.CourseDirectory.course_id = "convolution"
# The kit's folders, from wherever nbgrader is started; a course of your own has its own, and need not set any.
c.CourseDirectory.source_directory = "solutions/source"
c.CourseDirectory.release_directory = "assignment"
