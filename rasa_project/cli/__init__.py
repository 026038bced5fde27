"""The subcommands of `attune`, one file each.

Each file has `add(commands)`, which adds its parser, and a function that does the work with the
parsed options; what that function returns is the exit status, `None` for 0.
"""
