package valkey

import (
	"sync"

	"github.com/valkey-io/valkey-go"

	"github.com/go-keyvalue/keyvalue/core/driver"
	"github.com/go-keyvalue/keyvalue/core/managed"
	"github.com/go-keyvalue/keyvalue/core/names"
)

// buffer is the memory of commands. It is used again only where the driver has
// nobody around it or called by it, who might have kept a piece of it, and only
// for what the server has answered, so that the driver is done with it.
type buffer struct{ bytes []byte }

// add returns a record's name in the database and what lies there.
func (m *buffer) add(record *driver.Record) (name, text string) {
	start := len(m.bytes)
	m.bytes = names.AppendCompound(m.bytes, record.Collection, record.Key)
	name = valkey.BinaryString(m.bytes[start:])
	start = len(m.bytes)
	m.bytes = managed.Append(m.bytes, record)
	return name, valkey.BinaryString(m.bytes[start:])
}

// addName returns the name of an entry in the database.
func (m *buffer) addName(collection, key string) string {
	start := len(m.bytes)
	m.bytes = names.AppendCompound(m.bytes, collection, key)
	return valkey.BinaryString(m.bytes[start:])
}

// maxBuffer is the size in bytes beyond which memory is not kept.
const maxBuffer = 2 * maxBytes

var buffers = sync.Pool{New: func() any { return new(buffer) }}

// borrow returns an empty buffer.
func (b *backend) borrow() *buffer {
	if !b.owned {
		return new(buffer)
	}
	return buffers.Get().(*buffer)
}

// giveBack takes a buffer whose commands all were answered.
func (b *backend) giveBack(m *buffer) {
	if b.owned && cap(m.bytes) <= maxBuffer {
		m.bytes = m.bytes[:0]
		buffers.Put(m)
	}
}
