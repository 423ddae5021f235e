package elasticsearch

import (
	"strconv"
	"strings"
)

// These are the limits of the store, in bytes. What is beyond them is refused
// before anything is written: names with core.ErrInvalidKey, values with
// core.ErrTooLarge.
const (
	// MaxKey is the longest key: that of a term of Elasticsearch.
	MaxKey = 32_766

	// MaxCollection is the longest collection. Its name is kept in the
	// metadata of its index, which every node of the cluster holds in memory.
	MaxCollection = 4096

	// MaxValue is the largest value. A server takes requests of up to 100 MiB
	// unless it is configured otherwise, but needs several times the size of a
	// document in memory for each of those under way.
	MaxValue = 8 << 20
)

// DefaultPrefix is what the indices begin with where [Options].Prefix is
// empty. It is the default of the reference too.
const DefaultPrefix = "kv_store"

// maxPrefix leaves room for the longest encoded collection in the 255 bytes
// that the name of an index may have.
const maxPrefix = 54

// Options configure [New]. Nil and the zero value are valid.
type Options struct {
	// Prefix is what the names of all indices of the store begin with:
	// `prefix-collection`. Lower-case letters, digits, `_`, `-` and `.` are
	// allowed, 54 of them, the first one a letter or a digit. Empty means
	// [DefaultPrefix]. Two stores share their entries if it is the same.
	Prefix string

	// SingleIndex puts all collections into one index, which is called like
	// the prefix: for thousands of collections, of which each would otherwise
	// take a shard, of 1,000 that a node has by default. Python programs do
	// not find entries there.
	SingleIndex bool

	// Refresh says when what was written is to be found by searches of others.
	// The store itself does not need it: it reads by id, and refreshes before
	// it lists.
	Refresh Refresh

	// NoCreate forbids the store to create indices and the index template. A
	// write to a collection without an index is then core.ErrSetup.
	NoCreate bool

	// V1Names names indices and documents as the reference does with its
	// strategies ElasticsearchV1CollectionSanitizationStrategy and
	// ElasticsearchV1KeySanitizationStrategy, to share them with a program that
	// uses both. Collections or keys that begin with `H_` or `S_` are then
	// refused as in Python. Two collections have the same index if eight
	// digits of their hashes and their letters agree: then one's entries
	// replace the other's, but are never read as the other's. It excludes
	// SingleIndex.
	V1Names bool
}

// Refresh is when writes become visible to searches. Any other value than
// those below is refused.
type Refresh string

const (
	// RefreshLater leaves it to the index, which does so once in a second
	// while it is searched. It is the default, and by far the cheapest.
	RefreshLater Refresh = ""

	// RefreshWait makes writes wait until they are visible: for up to a second.
	RefreshWait Refresh = "wait_for"

	// RefreshNow makes every write visible at once, at the expense of the
	// index. The reference does that.
	RefreshNow Refresh = "true"
)

// check returns why the options are refused, or nil. It fills in the defaults.
func (o *Options) check() error {
	if o.Prefix == "" {
		o.Prefix = DefaultPrefix
	}
	switch {
	case len(o.Prefix) > maxPrefix:
		return invalidOptions("Prefix has more than " + strconv.Itoa(maxPrefix) + " bytes")
	case strings.Trim(o.Prefix, "abcdefghijklmnopqrstuvwxyz0123456789_-.") != "" || strings.ContainsRune("_-.", rune(o.Prefix[0])):
		return invalidOptions("Prefix is not of lower-case letters, digits, '_', '-' and '.', or does not begin with a letter or a digit")
	case o.Refresh != RefreshLater && o.Refresh != RefreshWait && o.Refresh != RefreshNow:
		return invalidOptions("Refresh is not one of its constants")
	case o.V1Names && o.SingleIndex:
		return invalidOptions("V1Names and SingleIndex exclude each other")
	}
	return nil
}
