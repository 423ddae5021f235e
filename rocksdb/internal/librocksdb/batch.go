package librocksdb

import "encoding/binary"

// Batch is a list of writes that happen all together, in RocksDB's own form:
// eight bytes that it fills in itself, the number of writes in four bytes, the
// lowest first, and behind that for each write a byte that tells its kind, and
// its key and value with their lengths. The zero Batch is empty.
type Batch struct {
	bytes []byte
	count uint32
}

// The kinds of writes, and the size of what is before them.
const (
	kindDelete      = 0x0
	kindPut         = 0x1
	kindDeleteRange = 0xf

	batchHeader = 8 + 4
)

// MaxBytes is the largest key or value that a Batch can hold.
const MaxBytes = 1<<32 - 1

// Reset empties the batch and keeps its memory.
func (b *Batch) Reset() { b.bytes, b.count = b.bytes[:0], 0 }

// Len returns how many writes there are in the batch.
func (b *Batch) Len() int { return int(b.count) }

// Cap returns how much memory the batch holds, in bytes.
func (b *Batch) Cap() int { return cap(b.bytes) }

// Put writes a value under a key.
func (b *Batch) Put(key, value []byte) {
	b.begin(kindPut)
	b.text(key)
	b.text(value)
}

// Delete removes what lies under a key.
func (b *Batch) Delete(key []byte) {
	b.begin(kindDelete)
	b.text(key)
}

// DeleteRange removes what lies under all keys from lower up to but not
// including upper.
func (b *Batch) DeleteRange(lower, upper []byte) {
	b.begin(kindDeleteRange)
	b.text(lower)
	b.text(upper)
}

func (b *Batch) begin(kind byte) {
	if len(b.bytes) == 0 {
		b.bytes = append(b.bytes, make([]byte, batchHeader)...)
	}
	b.bytes = append(b.bytes, kind)
	b.count++
}

func (b *Batch) text(text []byte) {
	b.bytes = binary.AppendUvarint(b.bytes, uint64(len(text)))
	b.bytes = append(b.bytes, text...)
}

// finished returns the batch as RocksDB takes it.
func (b *Batch) finished() []byte {
	if len(b.bytes) == 0 {
		b.bytes = append(b.bytes, make([]byte, batchHeader)...)
	}
	binary.LittleEndian.PutUint32(b.bytes[8:], b.count)
	return b.bytes
}
