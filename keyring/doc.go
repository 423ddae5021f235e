// Package keyring keeps entries in the keyring of the desktop, or in what takes
// its place: the Secret Service (GNOME Keyring, KeePassXC), KWallet, the
// Keychain of macOS, the Credential Manager of Windows, the program pass,
// encrypted files, and the keyrings of the Linux kernel. It is for the secrets
// of a program: few entries, small ones.
//
// [Open] opens one by URL, [OpenConfig] by a [Config], and [New] makes a store
// over a ring of the driver, github.com/99designs/keyring:
//
//	store, err := keyring.Open(ctx, "keyring://?service=my-app")
//	defer core.Close(store)
//	err = store.Put(ctx, "tokens", "ada", value, 30*24*time.Hour)
//
// # Layout
//
// An entry is one item, called `collection::key`, which holds the managed entry
// of package core/managed: JSON with the value, the names and the times. What a
// backend does not take as a name, or does not tell apart, is escaped, or hashed
// where that is too long, as package core/names says. [Store.ItemName] tells
// what an item is called.
//
// # Capabilities
//
// Keys, Collections, DestroyCollection, Destroy, Cull and Ping. All but Ping
// list the names of all items in the ring and read those that matter, one by
// one. Destroy and Cull remove entries of this library alone, of this service.
// Against other processes they are best effort: no keyring can remove an item on
// the condition that it has not changed. For the same reason there is no Insert,
// and of deletes that race in several processes more than one may be told true.
//
// # Errors
//
// A keyring that is locked, stopped or forbidden is an error and never a miss,
// also where the driver says otherwise. An item that cannot be decoded is
// core.ErrCorrupt; one that cannot be decrypted is another error, since the
// password may be wrong, and Delete leaves it: Put replaces it.
//
// # Calls that wait
//
// A store speaks to its keyring with one call at a time, in the order in which
// the calls get their turn. Keyrings ask their user for a password, and the
// driver has no contexts: a call that waits is left when its context is done. It
// keeps its turn until the driver comes back, and later calls wait for that as
// long as their own contexts allow. A call that was left before its turn never
// happens. One goroutine stays behind with the call that hangs.
//
// # Side effects of the driver
//
// A program that imports this package connects to the session bus when it
// starts, on Linux and the BSDs; where no bus is announced, the driver may run
// dbus-launch. The Secret Service and KWallet are available only if that has
// succeeded. The connection is shared and not made again: after a restart of the
// bus, which ends a desktop session, calls are errors until the program restarts.
package keyring
