"""What the kit costs, measured; nothing here passes or fails."""
