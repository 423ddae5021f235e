"""Writes and reads entries with py-key-value-aio, one backend for each run."""

import asyncio
import json
import sys

import keyring
from key_value.aio.errors import DeserializationError
from key_value.aio.stores.keyring import KeyringStore

kind, op, service, collection, key = sys.argv[1:6]
if kind == "secret-service":
    from keyring.backends import SecretService

    backend = SecretService.Keyring()
    backend.preferred_collection = "/org/freedesktop/secrets/collection/login"
else:
    from keyring_pass import PasswordStoreBackend

    backend = PasswordStoreBackend()
    backend.pass_key_prefix = ""
keyring.set_keyring(backend)


async def main():
    store = KeyringStore(service_name=service)
    if op == "put":
        await store.put(key, {"from": "Python"}, collection=collection)
        answer = await store.get(key, collection=collection)
    else:
        try:
            answer = await store.get(key, collection=collection)
        except DeserializationError as error:
            answer = {"error": type(error).__name__}
    raw = keyring.get_password(service, f"{collection}::{key}")
    print(json.dumps({"value": answer, "raw": raw is not None}))


asyncio.run(main())
