"""Programs with the mistakes that beginners make, and what the visible checks say to each."""
