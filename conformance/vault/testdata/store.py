"""Does with VaultStore of py-key-value-aio what the Go tests ask for.

    python store.py URL TOKEN MOUNT

A request is one line of JSON on standard input, its answer one line of JSON on
standard output. Values are sent as JSON text within a string.
"""

import asyncio
import json
import sys
import warnings


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
    from key_value.aio.stores.vault import VaultStore

    store = VaultStore(url=sys.argv[1], token=sys.argv[2], mount_point=sys.argv[3])
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        try:
            result = await answer(store, json.loads(line))
        except Exception as error:  # the test wants to know of any
            result = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(result), flush=True)


warnings.simplefilter("ignore")
asyncio.run(main())
