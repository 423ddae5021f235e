package librocksdb

import "encoding/binary"

// Kind says what a [Record] is.
type Kind byte

// These are the kinds of records.
const (
	Entry  Kind = iota // it has the form of an entry
	Other              // it has another form
	Passed             // it is not what was looked for, and only says how far the scan has come
)

// Record is what a scan has found.
type Record struct {
	Kind   Kind
	Expiry uint64 // in microseconds since 1970; 0: never
	Key    []byte // a part of the bytes that the scan returned
}

// recordHeader is the size of what is before the key: its size, the expiry and
// the kind, the numbers as the machine has them.
const recordHeader = 4 + 8 + 1

// Records ranges over what [Database.Scan] has returned. It ends before a record
// that is cut off.
func Records(found []byte) func(yield func(Record) bool) {
	return func(yield func(Record) bool) {
		for len(found) >= recordHeader {
			size := int(binary.NativeEndian.Uint32(found))
			if size > len(found)-recordHeader {
				return
			}
			key := found[recordHeader:][:size:size]
			if !yield(Record{Kind(found[12]), binary.NativeEndian.Uint64(found[4:]), key}) {
				return
			}
			found = found[recordHeader+size:]
		}
	}
}
