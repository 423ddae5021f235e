// Package names turns the names that callers choose into names that a backend
// can hold, such that two different names never become one.
//
// Almost every name stays as it is, which is what the Python library
// py-key-value-aio stores too: a Go program and a Python program can share one
// database. Only a name that would be ambiguous, or that the backend does not
// take, is written differently.
//
// # Compound keys
//
// Many backends know no collections. There an entry lies under the one string
// `collection::key`, made by [Compound] and taken apart by [SplitCompound];
// [CompoundPrefix] is what all keys of one collection begin with. [Prefix] and
// [Joiner] do the same with `__`, for wrappers that prefix names or that put
// many collections into one.
//
// All of them escape the part before the separator where a reader could not
// tell where it ends: if it contains the separator, ends in the beginning of
// one, or starts with [Marker]. The escaped form is the marker, then the name
// with the separator's first character and `%` written as `%` and two
// lower-case hexadecimal digits. So the first separator in a compound key is
// always the one that was put there. The part behind it is never changed.
//
// # Restricted backends
//
// File systems, Memcached, Vault and others refuse some characters, take names
// of a certain length only, or see no difference between `A` and `a`. A
// [Scheme] describes such a backend. [Scheme.Encode] leaves a name alone that
// fits; it escapes another behind a marker; and if that is too long it takes
// all 64 digits of the name's SHA-256. Nothing is ever cut off. [FileNames] is
// the scheme for names of files and directories on any operating system.
//
// # The reference's strategies
//
// The Python library can be told to use what it calls sanitization strategies.
// To share data with a program that does so, each is here as a [Strategy] with
// the same output. Some of them write different names alike: those that cut
// long names ([Hybrid], and so most of the presets), and those that do not set
// their own output apart ([AlwaysHash] with few digits, [S3]). A reader has to
// compare the key in the entry with the one it asked for. Data that is not
// shared with such a program is better served by a [Scheme].
//
// # Which names
//
// The functions here take any string and never panic. That a key is not empty
// and that names are valid UTF-8 is checked by package core before, and an
// empty collection is replaced by core.CollectionName by then.
package names

// Marker is what an escaped name begins with. A name of a caller that begins
// with it is escaped too, so that no name can pretend to be an encoded one.
const Marker = "~kv1~"

// HashMarker is what the SHA-256 of a name begins with where a [Scheme] has to
// resort to one.
const HashMarker = "~kv1h~"

// These are sets of characters for [SchemeOptions] and [HybridOptions].
const (
	Digits      = "0123456789"
	Lower       = "abcdefghijklmnopqrstuvwxyz"
	Upper       = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	Punctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"

	// Graphic is every ASCII character from `!` to `~`; a space is not one.
	Graphic = Digits + Lower + Upper + Punctuation
)
