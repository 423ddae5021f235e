"""Does with the Python library py-key-value-aio what the Go tests ask for.

    python interop.py URL PREFIX plain|v1

A request is one line of JSON on standard input, its answer one line of JSON on
standard output. Values are JSON text within strings.
"""

import asyncio
import json
import sys
import warnings

from elasticsearch import AsyncElasticsearch
from key_value.aio.stores.elasticsearch import ElasticsearchStore
from key_value.aio.stores.elasticsearch.store import (
    ElasticsearchV1CollectionSanitizationStrategy,
    ElasticsearchV1KeySanitizationStrategy,
)


async def answer(store, request):
    keys, collection, ttl = request["keys"], request["collection"], request.get("ttl")
    match request["op"]:
        case "put":
            values = [json.loads(text) for text in request["values"]]
            if len(keys) == 1:
                await store.put(keys[0], values[0], collection=collection, ttl=ttl)
            else:
                await store.put_many(keys, values, collection=collection, ttl=ttl)
            return {}
        case "get":
            found = await store.ttl_many(keys, collection=collection)
            if len(keys) == 1:
                found = [await store.ttl(keys[0], collection=collection)]
            return {
                "values": [None if value is None else json.dumps(value) for value, _ in found],
                "ttls": [ttl for _, ttl in found],
            }
        case "delete":
            if len(keys) == 1:
                return {"deleted": int(await store.delete(keys[0], collection=collection))}
            return {"deleted": await store.delete_many(keys, collection=collection)}
    raise ValueError(request["op"])


async def main():
    url, prefix, names = sys.argv[1:]
    client = AsyncElasticsearch(url, request_timeout=60)

    # The library asks for "/" to tell a serverless project, which the
    # distribution for integration tests refuses to answer.
    class Client(AsyncElasticsearch):
        async def info(self, **_):
            return {"version": {"build_flavor": "default"}}

    client.__class__ = Client
    client.options = lambda **options: with_info(AsyncElasticsearch.options(client, **options))

    def with_info(other):
        other.__class__ = Client
        return other

    options = {}
    if names == "v1":
        options = {
            "key_sanitization_strategy": ElasticsearchV1KeySanitizationStrategy(),
            "collection_sanitization_strategy": ElasticsearchV1CollectionSanitizationStrategy(),
        }
    store = ElasticsearchStore(elasticsearch_client=client, index_prefix=prefix, **options)
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        try:
            reply = await answer(store, json.loads(line))
        except Exception as e:
            reply = {"error": f"{type(e).__name__}: {e}"[:500]}
        print(json.dumps(reply), flush=True)
    await client.close()


warnings.simplefilter("ignore")
asyncio.run(main())
