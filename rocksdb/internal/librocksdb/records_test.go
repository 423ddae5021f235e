package librocksdb

import (
	"encoding/binary"
	"slices"
	"testing"
)

// appendRecord is what scan.c writes.
func appendRecord(dst []byte, r Record) []byte {
	dst = binary.NativeEndian.AppendUint32(dst, uint32(len(r.Key)))
	dst = binary.NativeEndian.AppendUint64(dst, r.Expiry)
	return append(append(dst, byte(r.Kind)), r.Key...)
}

func TestRecords(t *testing.T) {
	want := []Record{{Entry, 0, []byte("c::k")}, {Passed, 1<<64 - 1, []byte{}}, {Other, 7, []byte("\x00")}}
	var found []byte
	for _, r := range want {
		found = appendRecord(found, r)
	}
	var got []Record
	for r := range Records(found) {
		got = append(got, r)
	}
	if !slices.EqualFunc(got, want, func(a, b Record) bool {
		return a.Kind == b.Kind && a.Expiry == b.Expiry && string(a.Key) == string(b.Key)
	}) {
		t.Errorf("Records = %+v; want %+v", got, want)
	}
	for range Records(found) {
		break // which must not go on
	}
}

// Whatever bytes there are, the records are parts of them and end.
func FuzzRecords(f *testing.F) {
	f.Add(appendRecord(appendRecord(nil, Record{Entry, 1, []byte("c::k")}), Record{Other, 2, nil}))
	f.Add([]byte("\xff\xff\xff\xff.........."))
	f.Fuzz(func(t *testing.T, found []byte) {
		size := 0
		for r := range Records(found) {
			size += recordHeader + len(r.Key)
			if cap(r.Key) != len(r.Key) {
				t.Fatal("to append to a key would overwrite the next record")
			}
		}
		if size > len(found) {
			t.Fatalf("records of %d bytes in %d bytes", size, len(found))
		}
	})
}
