package redis

// MaxValue is the largest value in bytes. Redis holds strings of up to 512 MiB
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
}
