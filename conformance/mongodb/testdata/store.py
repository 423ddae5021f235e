"""Does with MongoDBStore of py-key-value-aio what the Go tests ask for.

    python store.py URL DATABASE

A request is one line of JSON on standard input, its answer one line of JSON on
standard output. Values are sent as JSON text within a string.
"""

import asyncio
import datetime
import json
import sys
import warnings


def special(name):
    """Values that JSON has no word for, which put_many lets through."""
    return {
        "datetime": {"a": datetime.datetime(2025, 1, 2, 3, 4, 5, 678000, tzinfo=datetime.timezone.utc), "b": [None]},
        "binary": {"a": b"hi\xff"},
        "nan": {"a": float("nan")},
    }[name]


async def answer(store, request):
    keys, collection, ttl = request["keys"], request["collection"] or None, request.get("ttl")
    match request["op"]:
        case "put":
            values = [json.loads(text) for text in request["values"]]
            if len(keys) == 1:
                await store.put(keys[0], values[0], collection=collection, ttl=ttl)
            else:
                await store.put_many(keys, values, collection=collection, ttl=ttl)
            return {}
        case "put special":
            await store.put_many(keys, [special(name) for name in request["values"]], collection=collection)
            return {}
        case "get":
            if len(keys) == 1:
                found = [await store.ttl(keys[0], collection=collection)]
            else:
                found = await store.ttl_many(keys, collection=collection)
            return {"values": [None if v is None else json.dumps(v) for v, _ in found], "ttls": [t for _, t in found]}
        case "delete":
            return {"deleted": await store.delete_many(keys, collection=collection)}
    raise ValueError(request["op"])


async def main():
    from key_value.aio.stores.mongodb import MongoDBStore

    async with MongoDBStore(url=sys.argv[1], db_name=sys.argv[2]) as store:
        loop = asyncio.get_running_loop()
        while line := await loop.run_in_executor(None, sys.stdin.readline):
            try:
                result = await answer(store, json.loads(line))
            except Exception as error:  # the test wants to know of any
                result = {"error": f"{type(error).__name__}: {error}"}
            print(json.dumps(result), flush=True)


warnings.simplefilter("ignore")
asyncio.run(main())
