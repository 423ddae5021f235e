package dynamodb

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/go-keyvalue/keyvalue/core/names"
)

// DefaultTable is the name of the table where [Options].Table is empty.
const DefaultTable = "keyvalue"

// Options configure [New]. Nil and the zero value are valid: a table called
// [DefaultTable], made by the first write, and consistent reads.
type Options struct {
	// Table is the name of the table, or its ARN. Empty means DefaultTable.
	// The table has the partition key `collection` and the sort key `key`,
	// both strings.
	Table string

	// NoCreate says that the table must exist. The store then makes no table
	// and does not look after its expiry: it changes nothing but items. Where
	// the table is missing every call is an error that matches core.ErrSetup,
	// reads included. By default the first write makes the table if it is not
	// there, and has DynamoDB remove items by the attribute `ttl` unless that
	// is set up already; until then reads find nothing.
	NoCreate bool

	// CreateTable, if set, may change the request that makes the table: tags,
	// encryption, protection from deletion, throughput that is paid for. The
	// name of the table and its keys are set again afterwards. It may be
	// called more than once and by several goroutines. By default the table
	// is paid for by request.
	CreateTable func(*dynamodb.CreateTableInput)

	// EventualReads has Get, GetMany and listings read eventually: at half
	// the price, and possibly not what was written a moment before, by
	// oneself even. Insert is not affected, and neither is what Delete,
	// DestroyCollection, Destroy and Cull decide by.
	EventualReads bool
}

func (o *Options) withDefaults() Options {
	var options Options
	if o != nil {
		options = *o
	}
	if options.Table == "" {
		options.Table = DefaultTable
	}
	return options
}

// check returns why the options are refused, or nil.
func (o *Options) check() error {
	switch {
	case !isTable(o.Table):
		return invalidOptions("Table is neither an ARN nor 3 to 255 letters, digits, `_`, `-` and `.`")
	case o.NoCreate && o.CreateTable != nil:
		return invalidOptions("both NoCreate and CreateTable are set")
	}
	return nil
}

const (
	inTable    = names.Digits + names.Lower + names.Upper + "_-."
	longestARN = 1024
)

// isTable reports whether DynamoDB may have a table of that name.
func isTable(name string) bool {
	if strings.HasPrefix(name, "arn:") {
		return len(name) <= longestARN && strings.Trim(name, inTable+":/") == ""
	}
	return len(name) >= 3 && len(name) <= 255 && strings.Trim(name, inTable) == ""
}
