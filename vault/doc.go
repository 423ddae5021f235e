// Package vault keeps entries in HashiCorp Vault or OpenBao, as secrets of a KV
// version 2 engine. Python programs that use py-key-value-aio can share them.
//
// [New] makes a store over a client of vault-client-go, [Open] one for a URL:
//
//	store, err := vault.Open(ctx, "vault://vault.example:8200/secret")
//	defer core.Close(store)
//	err = store.Put(ctx, "tokens", id, value, 30*time.Minute)
//
// # Layout
//
// An entry is the secret `collection::key`, whose field "value" is the text of
// the managed entry of package core/managed. The collection and the key are each
// escaped where they have a slash, two dots in a row, a space at an end, control
// characters or characters beyond ASCII, and a collection also with two colons or
// one at its end. A collection that is longer than 200 bytes then, and a key longer
// than 255, are hashed. See the schemes of package core/names.
//
// Every write makes a new version of the secret. Of those the engine keeps
// [Options].MaxVersions, one by default, which the store writes into the metadata
// of each secret that it creates.
//
// Delete, DestroyCollection and Destroy remove a secret with its metadata and all
// versions. Cull, and Delete of what has expired, destroy the version that has
// expired and those before it, but no later one, so that what is written meanwhile
// stays. So does the empty metadata, unless [Options].CullNames says otherwise.
//
// The engine counts the versions of a secret that was removed from 1 again, and has
// no conditional removal. Where a secret is removed and written again between two
// requests of one call, an Insert over what has expired may replace the new entry,
// and a Cull may destroy it. Insert where nothing has expired is exact.
//
// # Failures
//
// Only a secret that the server says is not there is a miss. A server that is
// sealed or unreachable, a token without permission and an engine that is not
// mounted are errors. Tokens are renewed by whoever made the client.
package vault
