"""What people look at: the class's table in a terminal, a student's feedback in HTML."""
