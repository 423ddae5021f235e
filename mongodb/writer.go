package mongodb

import (
	"encoding/binary"
	"sync"
	"time"
)

// The types of BSON that occur in entries and in requests about them.
const (
	typeDouble   = 0x01
	typeString   = 0x02
	typeDocument = 0x03
	typeArray    = 0x04
	typeBinary   = 0x05
	typeBoolean  = 0x08
	typeDate     = 0x09
	typeNull     = 0x0a
	typeInt32    = 0x10
	typeInt64    = 0x12
)

// writer writes documents of BSON, one behind the other.
type writer struct{ data []byte }

// writers are kept for the next call, unless a large value has made them large.
var writers = sync.Pool{New: func() any { return new(writer) }}

const keptWriter = 1 << 20

func newWriter() *writer { return writers.Get().(*writer) }

// release gives the writer back. Nobody uses what it has written any more: the
// driver copies what it is given before it sends it.
func (w *writer) release() {
	if cap(w.data) <= keptWriter {
		w.data = w.data[:0]
		writers.Put(w)
	}
}

// begin begins a document or an array that has no name, and returns where.
func (w *writer) begin() (start int) {
	w.data = append(w.data, 0, 0, 0, 0)
	return len(w.data) - 4
}

// end ends what has begun there.
func (w *writer) end(start int) {
	w.data = append(w.data, 0)
	binary.LittleEndian.PutUint32(w.data[start:], uint32(len(w.data)-start))
}

func (w *writer) name(kind byte, name string) {
	w.data = append(w.data, kind)
	w.data = append(w.data, name...)
	w.data = append(w.data, 0)
}

func (w *writer) document(name string) (start int) {
	w.name(typeDocument, name)
	return w.begin()
}

func (w *writer) array(name string) (start int) {
	w.name(typeArray, name)
	return w.begin()
}

func (w *writer) text(name, text string) {
	w.name(typeString, name)
	w.data = binary.LittleEndian.AppendUint32(w.data, uint32(len(text)+1))
	w.data = append(w.data, text...)
	w.data = append(w.data, 0)
}

func (w *writer) int32(name string, n int32) {
	w.name(typeInt32, name)
	w.data = binary.LittleEndian.AppendUint32(w.data, uint32(n))
}

func (w *writer) null(name string) { w.name(typeNull, name) }

// date writes a time, of which milliseconds are kept.
func (w *writer) date(name string, t time.Time) {
	w.name(typeDate, name)
	w.data = binary.LittleEndian.AppendUint64(w.data, uint64(t.UnixMilli()))
}

func (w *writer) binary(name string, data []byte) {
	w.name(typeBinary, name)
	w.data = binary.LittleEndian.AppendUint32(w.data, uint32(len(data)))
	w.data = append(w.data, 0) // the generic subtype
	w.data = append(w.data, data...)
}
