"""`python -m tests.channel_table`: runs what shows what channels can, and writes the table.

With `--check` it runs none, and says whether the table in docs/channels.md is what they claim.
"""

from __future__ import annotations

import argparse
import sys

from tests.channel_table import claims, table


def main() -> int:
    """Run the command line and return the exit status: 1 where a test failed or a tick is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.channel_table", description=__doc__)
    parser.add_argument("--check", action="store_true", help="run no test, write nothing")
    if parser.parse_args().check:
        claimed = table.table(claims.collect().made)
        if claimed == table.committed():
            return 0
        print(f"docs/channels.md holds another table than this:\n{claimed}", file=sys.stderr)
        return 1
    found = claims.prove()
    table.write(table.table(found.shown))
    for channel, feature in sorted(found.broken):
        print(f"{channel}: {feature} is not shown: a test did not pass.", file=sys.stderr)
    return 1 if found.broken else 0


if __name__ == "__main__":
    sys.exit(main())
