"""Who may sign in, and how the desk knows them."""
