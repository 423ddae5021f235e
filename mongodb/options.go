package mongodb

import (
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo/readpref"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"
)

// Options configure [New]. Nil and the zero value are valid.
type Options struct {
	// Database is the name of the database. Empty means [DefaultDatabase],
	// which is that of the Python library.
	Database string

	// ReadPreference says which servers of a replica set Get, GetMany, Keys
	// and Collections ask. Others than the primary may answer what was there
	// before one's own write. All other calls ask the primary. Nil means that
	// of the client, which is the primary unless it was changed.
	ReadPreference *readpref.ReadPref

	// WriteConcern says how many servers must have a write before it is
	// acknowledged. It must not be that of unacknowledged writes, whose w is 0.
	// Nil means that of the client, which leaves it to the server unless it
	// was changed: a majority, since MongoDB 5.0.
	WriteConcern *writeconcern.WriteConcern

	// NoCreate says that the store makes no collections and no indexes of
	// MongoDB. A write to a collection that is not there is core.ErrSetup.
	NoCreate bool

	// V1Collections names the collections of MongoDB as Python programs do
	// that use the reference's MongoDBV1CollectionSanitizationStrategy. It
	// gives some collections the same name, such as those that begin with the
	// same 200 letters; there a key of one replaces that of another, and
	// reading tells them apart. All programs that share a database must agree
	// on this. By default only what MongoDB does not take is encoded.
	V1Collections bool
}

// DefaultDatabase is the database of a store whose options name none.
const DefaultDatabase = "kv-store-adapter"

// These are the limits of what an entry may have. MongoDB's documents have at
// most 16 MiB, of which the value's names and numbers take more than their
// text does, and the key is sent twice.
const (
	// MaxValue is the largest value in bytes, 15 MiB, of its text or of what
	// becomes of it in BSON: larger ones are core.ErrTooLarge.
	MaxValue = 15 << 20

	// MaxKey is the longest key in bytes, 256 KiB.
	MaxKey = 256 << 10

	// MaxCollection is the longest name of a collection in bytes, 64 KiB.
	MaxCollection = 64 << 10

	// MaxDepth is how deep the objects and arrays of a value may be nested.
	// MongoDB promises 100 levels, two of which are around the value.
	MaxDepth = 98
)

// timeStep is the resolution of BSON's dates.
const timeStep = time.Millisecond

// maxDatabase is the longest name of a database in bytes.
const maxDatabase = 63

// check returns why the options are refused, or nil.
func (o *Options) check() error {
	switch {
	case len(o.Database) > maxDatabase || strings.ContainsAny(o.Database, "/\\. \"$*<>:|?\x00"):
		return invalidOptions("the name of the database is not one that MongoDB takes")
	case o.WriteConcern != nil && !o.WriteConcern.Acknowledged():
		return invalidOptions("the write concern is that of unacknowledged writes")
	}
	return nil
}

// withDefaults returns the options with every zero replaced that has another
// meaning.
func (o *Options) withDefaults() Options {
	var options Options
	if o != nil {
		options = *o
	}
	if options.Database == "" {
		options.Database = DefaultDatabase
	}
	return options
}
