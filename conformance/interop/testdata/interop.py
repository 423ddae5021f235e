"""Does with the Python library py-key-value-aio what the Go tests ask for.

    python interop.py redis|valkey|memcached HOST PORT

A request is one line of JSON on standard input, its answer one line of JSON on
standard output. A value is sent as JSON text within a string, so that each side
spells numbers as it likes.
"""

import asyncio
import json
import os
import sys
import warnings

# Answers go out by themselves: the client of Valkey logs to standard output.
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)


def open_store(kind, host, port):
    if kind == "redis":
        from key_value.aio.stores.redis import RedisStore

        return RedisStore(host=host, port=port)
    if kind == "valkey":
        from glide import GlideClientConfiguration, NodeAddress
        from key_value.aio.stores.valkey import ValkeyStore

        # A quarter of a second, the default, is little on a busy machine.
        config = GlideClientConfiguration([NodeAddress(host, port)], request_timeout=20_000)
        return ValkeyStore(config=config)
    from key_value.aio.stores.memcached import MemcachedStore

    return MemcachedStore(host=host, port=port)


def wrap(store, layers):
    """Puts the layers around the store, the first one innermost."""
    for layer in layers:
        name, options = layer["name"], layer.get("options", {})
        if name == "compression":
            from key_value.aio.wrappers.compression import CompressionWrapper

            store = CompressionWrapper(store, **options)
        elif name == "fernet":
            from cryptography.fernet import Fernet
            from key_value.aio.wrappers.encryption.fernet import FernetEncryptionWrapper

            if "key" in options:
                store = FernetEncryptionWrapper(store, fernet=Fernet(options["key"]))
            else:
                store = FernetEncryptionWrapper(store, **options)
        elif name == "prefix keys":
            from key_value.aio.wrappers.prefix_keys import PrefixKeysWrapper

            store = PrefixKeysWrapper(store, **options)
        elif name == "prefix collections":
            from key_value.aio.wrappers.prefix_collections import PrefixCollectionsWrapper

            store = PrefixCollectionsWrapper(store, **options)
        elif name == "single collection":
            from key_value.aio.wrappers.single_collection import SingleCollectionWrapper

            store = SingleCollectionWrapper(store, **options)
        else:
            raise ValueError(name)
    return store


wrapped = {}  # by layers: deriving a key takes a second


async def answer(store, request):
    layers = request.get("layers") or []
    name = json.dumps(layers)
    if name not in wrapped:
        wrapped[name] = wrap(store, layers)
    store = wrapped[name]
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
            values = [None if value is None else json.dumps(value) for value, _ in found]
            return {"values": values, "ttls": [ttl for _, ttl in found]}
        case "delete":
            return {"deleted": await store.delete_many(keys, collection=collection)}
    raise ValueError(request["op"])


async def main():
    kind, host, port = sys.argv[1:]
    store = open_store(kind, host, int(port))
    async with store:
        loop = asyncio.get_running_loop()
        while line := await loop.run_in_executor(None, sys.stdin.readline):
            try:
                result = await answer(store, json.loads(line))
            except Exception as error:  # the test wants to know of any
                result = {"error": f"{type(error).__name__}: {error}"}
            print(json.dumps(result), file=answers, flush=True)


warnings.simplefilter("ignore")
asyncio.run(main())
