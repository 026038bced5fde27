"""What browsers and programs reach: routes, live updates, and the guard before them."""
