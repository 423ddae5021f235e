package dynamodb

import (
	"fmt"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/names"
)

// MaxName is how many bytes a collection has at most, and a key. The keys of
// DynamoDB are shorter: longer names are hashed there, and kept in the entry,
// where two of the longest leave room for a value.
const MaxName = 16 << 10

// DynamoDB takes any text of these lengths in bytes, but none that is empty.
var (
	collectionNames = scheme(2048)
	keyNames        = scheme(1024)
)

func scheme(maxBytes int) *names.Scheme {
	var ascii []byte
	for c := range byte(0x80) {
		ascii = append(ascii, c)
	}
	return names.MustScheme(names.SchemeOptions{Allowed: string(ascii), NonASCII: true, MaxBytes: maxBytes})
}

// checkName refuses names that leave too little room in an item.
func checkName(collection, key string) error {
	if len(collection) > MaxName || len(key) > MaxName {
		return fmt.Errorf("%w: longer than %d bytes", core.ErrInvalidKey, MaxName)
	}
	return nil
}
