"""The subcommands of `emotion`, one file each.

Each file has `add(commands)`, which adds its parser, and a function that does the work with the
parsed options. `options` holds what several share.
"""
