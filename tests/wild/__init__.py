"""What stands around right code in real notebooks, by kinds."""
