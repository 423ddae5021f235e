"""Does what the test asks for with the FileTreeStore of py-key-value-aio.

Each line of standard input is a JSON list: an operation and its arguments. The
answer is one line of JSON.
"""

import asyncio
import json
import sys

from key_value.aio.stores.filetree import (
    FileTreeStore,
    FileTreeV1CollectionSanitizationStrategy,
    FileTreeV1KeySanitizationStrategy,
)
from pathlib import Path


async def main() -> None:
    directory = sys.argv[1]
    store = FileTreeStore(
        data_directory=directory,
        key_sanitization_strategy=FileTreeV1KeySanitizationStrategy(directory=Path(directory)),
        collection_sanitization_strategy=FileTreeV1CollectionSanitizationStrategy(directory=Path(directory)),
    )
    for line in sys.stdin:
        operation, arguments = json.loads(line)
        answer = await getattr(store, operation)(**(arguments or {}))
        print(json.dumps(answer), flush=True)


asyncio.run(main())
