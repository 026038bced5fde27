"""`python -m tests.rasa_project.channels.webchat.file_server MODEL FOLDER PORT`: to be killed."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from rasa.core.agent import Agent

from tests.rasa_project.channels.webchat.file_options import options
from tests.rasa_project.channels.webchat.serving import serve


async def main(model: str, folder: str, port: str) -> None:
    """Serve until the end."""
    async with serve(Agent.load(model), port=int(port), options=options(Path(folder))):
        print("SERVES", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
