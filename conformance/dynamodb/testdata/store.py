"""Does with the DynamoDB store of py-key-value-aio what the Go tests ask for.

    python store.py URL REGION TABLE ACCESS_KEY

A request is one line of JSON on standard input, its answer one line of JSON on
standard output. A value is sent as JSON text within a string, so that each side
spells numbers as it likes.
"""

import asyncio
import json
import sys
import warnings

from key_value.aio.stores.dynamodb import DynamoDBStore


async def answer(store, request):
    keys, collection = request["keys"], request["collection"] or None
    match request["op"]:
        case "put":
            values = [json.loads(text) for text in request["values"]]
            await store.put_many(keys, values, collection=collection, ttl=request["ttl"])
            return {}
        case "get":
            found = await store.ttl_many(keys, collection=collection)
            values = [None if value is None else json.dumps(value) for value, _ in found]
            return {"values": values, "ttls": [ttl for _, ttl in found]}
        case "delete":
            return {"deleted": await store.delete_many(keys, collection=collection)}
    raise ValueError(request["op"])


async def main():
    url, region, table, access_key = sys.argv[1:]
    store = DynamoDBStore(
        table_name=table,
        region_name=region,
        endpoint_url=url,
        aws_access_key_id=access_key,
        aws_secret_access_key="secret",
    )
    async with store:
        loop = asyncio.get_running_loop()
        while line := await loop.run_in_executor(None, sys.stdin.readline):
            try:
                result = await answer(store, json.loads(line))
            except Exception as error:  # the test wants to know of any
                result = {"error": f"{type(error).__name__}: {error}"}
            print(json.dumps(result), flush=True)


warnings.simplefilter("ignore")
asyncio.run(main())
