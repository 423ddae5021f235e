package memcached

import (
	"fmt"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/driver"
	"github.com/go-keyvalue/keyvalue/core/managed"
)

// limits are what the size of an item leaves for names and values.
type limits struct {
	item  int // the largest item, as the server counts
	value int // the largest value under names of ordinary length
	name  int // the longest collection and the longest key
}

const (
	// itemOverhead is what the server keeps with an item beside its key and
	// its value: 59 bytes in version 1.6.18, measured.
	itemOverhead = 64

	// envelopeReserve is what the server and the envelope need beside the
	// value, and the names in it, of which 500 bytes fit.
	envelopeReserve = 1 << 10

	// envelopeFrame is more than the envelope has beside the value and the
	// names, and quotedByte how many bytes one byte of a name can become.
	envelopeFrame, quotedByte = 256, 6
)

func newLimits(item int) limits {
	// The name of an item has 250 bytes at most, but the envelope has the
	// original. Two names of the longest kind, each of their bytes escaped,
	// leave more than half of the item for the value.
	return limits{item: item, value: item - envelopeReserve, name: item / 32}
}

// checkName refuses a name that is too long for the envelope.
func (l limits) checkName(collection, key string) error {
	if len(collection) > l.name || len(key) > l.name {
		return fmt.Errorf("%w: longer than %d bytes", core.ErrInvalidKey, l.name)
	}
	return nil
}

// checkItem refuses what the server would not take. The value is the envelope.
func (l limits) checkItem(name string, value []byte) error {
	return core.CheckSize(itemOverhead+len(name)+len(value), l.item)
}

// checkRecords refuses a batch for its records that are too large, of which it
// returns the errors. Hardly any record needs to be encoded for that.
func (l limits) checkRecords(keys naming, records []driver.Record) error {
	var refused driver.KeyErrors
	var scratch []byte
	for i := range records {
		r := &records[i]
		quoted := quotedByte * (len(r.Collection) + len(r.Key))
		if itemOverhead+maxName+envelopeFrame+quoted+len(r.Value) <= l.item {
			continue
		}
		scratch = managed.Append(scratch[:0], r)
		if err := l.checkItem(keys.item(r.Collection, r.Key), scratch); err != nil {
			if refused == nil {
				refused = make(driver.KeyErrors)
			}
			refused[r.Key] = err
		}
	}
	if refused == nil {
		return nil
	}
	return refused
}
