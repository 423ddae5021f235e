package dynamodb

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
	"github.com/go-keyvalue/keyvalue/core/managed"
)

// item is what DynamoDB keeps for a record, and also the part of it that is
// its primary key.
type item = map[string]types.AttributeValue

// The attributes of an item, as the Python library calls them.
const (
	collectionAttribute = "collection" // the partition key
	keyAttribute        = "key"        // the sort key
	valueAttribute      = "value"      // the managed entry, a string
	ttlAttribute        = "ttl"        // when DynamoDB may remove it: seconds since 1970
)

// primaryKey returns the primary key under which the record lies.
func primaryKey(collection, key string) item {
	return item{
		collectionAttribute: &types.AttributeValueMemberS{Value: collectionNames.Encode(collection)},
		keyAttribute:        &types.AttributeValueMemberS{Value: keyNames.Encode(key)},
	}
}

// keyOf returns the primary key of an item.
func keyOf(i item) item {
	return item{collectionAttribute: i[collectionAttribute], keyAttribute: i[keyAttribute]}
}

// text returns an attribute that is a string.
func text(i item, attribute string) (string, bool) {
	s, ok := i[attribute].(*types.AttributeValueMemberS)
	if !ok {
		return "", false
	}
	return s.Value, true
}

// encode returns the item for a record, or core.ErrTooLarge.
func encode(record *driver.Record) (item, error) {
	i := primaryKey(record.Collection, record.Key)
	i[valueAttribute] = &types.AttributeValueMemberS{Value: string(managed.Append(nil, record))}
	if !record.ExpiresAt.IsZero() {
		i[ttlAttribute] = &types.AttributeValueMemberN{Value: strconv.FormatInt(ceiling(record.ExpiresAt), 10)}
	}
	return i, core.CheckSize(sizeOf(i), maxItem)
}

// ceiling returns the first whole second that is not before the time.
func ceiling(t time.Time) int64 {
	if t.Nanosecond() > 0 {
		return t.Unix() + 1
	}
	return t.Unix()
}

// envelopeOf returns the managed entry in an item, with the expiry that counts.
func envelopeOf(i item) (managed.Envelope, error) {
	data, ok := text(i, valueAttribute)
	if !ok {
		return managed.Envelope{}, fmt.Errorf("%w: the attribute `value` is not a string", core.ErrCorrupt)
	}
	envelope, err := managed.Decode([]byte(data))
	if err != nil {
		return managed.Envelope{}, err
	}
	envelope.ExpiresAt, err = expiry(i, envelope.ExpiresAt)
	return envelope, err
}

// entryOf is envelopeOf for an item that lies under the names: where it says
// that it belongs to others it is not found.
func entryOf(i item, collection, key string) (core.Entry, error) {
	envelope, err := envelopeOf(i)
	if err != nil {
		return core.Entry{}, err
	}
	if !envelope.Belongs(collection, key) {
		return core.Entry{}, core.ErrNotFound
	}
	return envelope.Entry, nil
}

// expiry returns when an item expires whose managed entry says written. The
// attribute has whole seconds, rounded up here and down in Python, and the
// exact time is in the entry. Where the two differ by more than that somebody
// has changed the attribute, which DynamoDB goes by, as Python does.
func expiry(i item, written time.Time) (time.Time, error) {
	n, ok := i[ttlAttribute].(*types.AttributeValueMemberN)
	if !ok {
		return written, nil
	}
	seconds, err := strconv.ParseInt(n.Value, 10, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("%w: the attribute `ttl` is not a whole number of seconds", core.ErrCorrupt)
	}
	attribute := time.Unix(min(max(seconds, 0), latest), 0).UTC()
	if !written.IsZero() && attribute.Sub(written).Abs() < time.Second {
		return written, nil
	}
	return attribute, nil
}

// latest is the end of the year 9999, beyond which there is no time.
const latest = 253402300799

// maxItem is how many bytes an item has at most, with the names of its
// attributes.
const maxItem = 400 << 10

// MaxValue is the largest value in bytes. An item of DynamoDB has 400 KiB: the
// rest is for the entry around the value with its names, which has to be
// smaller if the names are longer than some 300 bytes.
const MaxValue = maxItem - 1<<10

// sizeOf returns how many bytes DynamoDB counts for an item.
func sizeOf(i item) int {
	size := 0
	for name, value := range i {
		size += len(name)
		switch v := value.(type) {
		case *types.AttributeValueMemberS:
			size += len(v.Value)
		case *types.AttributeValueMemberN: // two digits to a byte, and one more
			size += (len(strings.TrimRight(v.Value, "0"))+1)/2 + 1
		}
	}
	return size
}
