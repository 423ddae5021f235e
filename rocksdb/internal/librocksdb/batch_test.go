package librocksdb

import (
	"bytes"
	"encoding/binary"
	"testing"
)

// write is one of a batch, as read back from its bytes.
type write struct {
	kind     byte
	key, end string
}

// read takes a batch apart, as RocksDB's format is described.
func read(t *testing.T, batch []byte) (writes []write) {
	t.Helper()
	if len(batch) < batchHeader || !bytes.Equal(batch[:8], make([]byte, 8)) {
		t.Fatalf("the header is %x", batch)
	}
	count, rest := int(binary.LittleEndian.Uint32(batch[8:])), batch[batchHeader:]
	text := func() string {
		size, n := binary.Uvarint(rest)
		if n <= 0 || n > 5 || size > uint64(len(rest)-n) {
			t.Fatalf("no text begins with %.10x", rest)
		}
		text := rest[n:][:size]
		rest = rest[n:][size:]
		return string(text)
	}
	for len(rest) > 0 {
		w := write{kind: rest[0]}
		rest = rest[1:]
		w.key = text()
		if w.kind != kindDelete {
			w.end = text()
		}
		writes = append(writes, w)
	}
	if count != len(writes) {
		t.Fatalf("the batch says %d writes and has %d", count, len(writes))
	}
	return writes
}

func FuzzBatch(f *testing.F) {
	f.Add([]byte("key"), []byte("value"), uint8(3), 200)
	f.Add([]byte(nil), []byte(nil), uint8(0), 0)
	f.Add([]byte("\x80"), bytes.Repeat([]byte("x"), 128), uint8(9), 20_000)
	f.Fuzz(func(t *testing.T, key, value []byte, count uint8, size int) {
		long := bytes.Repeat([]byte("l"), min(max(size, 0), 1<<16))
		var b Batch
		for range 2 { // the memory of the first time is used again
			b.Reset()
			var want []write
			for range count {
				b.Put(key, value)
				b.Delete(value)
				b.DeleteRange(long, key)
				want = append(want, write{kindPut, string(key), string(value)},
					write{kindDelete, string(value), ""}, write{kindDeleteRange, string(long), string(key)})
			}
			got := read(t, b.finished())
			if len(got) != len(want) || b.Len() != len(want) {
				t.Fatalf("the batch has %d writes, and says %d; want %d", len(got), b.Len(), len(want))
			}
			for i := range got {
				if got[i] != want[i] {
					t.Fatalf("write %d is %+v; want %+v", i, got[i], want[i])
				}
			}
		}
	})
}
