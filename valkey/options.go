package valkey

import "time"

// MaxValue is the largest value in bytes. Valkey holds strings of up to 512 MiB
// unless it is configured otherwise, and the entry around the value with its
// names needs some of that.
const MaxValue = 511 << 20

// Options configure [New]. Nil and the zero value are valid.
type Options struct {
	// VerifyListing has listings read every entry that they name. By default
	// they go by the names in the database and by when the server is going to
	// remove what lies under them, and so name other programs' strings too,
	// if those are called something like x::y. With VerifyListing such a
	// string is an error that matches core.ErrCorrupt in the listing of keys,
	// and does not count in that of collections. It costs the transfer of
	// every value that is listed.
	VerifyListing bool

	// ClientCacheTTL, if it is not zero, has Get, GetAppend and GetMany keep
	// what they have read, misses too, in the memory of the process, for at
	// most that long. The server tells the client when a key was changed. What
	// it tells arrives a moment later: until then reads answer what was there
	// before, even after a Put or Delete of this very store. That is exempt
	// from rule 5 of package core. An entry is still gone at its time.
	//
	// The client must have been made for it: with ClientOption.DisableCache,
	// or through a proxy, the option has no effect. Each connection caches up
	// to ClientOption.CacheSizeEachConn bytes, 128 MiB by default. Negative is
	// illegal.
	ClientCacheTTL time.Duration
}

// check returns why the options are refused, or nil.
func (o *Options) check() error {
	if o.ClientCacheTTL < 0 {
		return invalidOptions("ClientCacheTTL is negative")
	}
	return nil
}
