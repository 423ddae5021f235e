package elasticsearch

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/go-keyvalue/keyvalue/core/driver"
)

// What the store does beside waiting for the server: the JSON of a hundred
// documents of 1 KiB.
func BenchmarkAnswerOfMany(b *testing.B) {
	value := json.RawMessage(`{"name":"Ada","text":"` + strings.Repeat("x", 1000) + `"}`)
	var docs []string
	var keys []string
	for i := range 100 {
		r := driver.Record{Collection: "c", Key: fmt.Sprint("key", i)}
		r.Value = value
		docs = append(docs, fmt.Sprintf(`{"_index":"kv-c","_id":%q,"_version":1,"_seq_no":%d,"_primary_term":1,"found":true,"_source":%s}`, r.Key, i, encode(&r)))
		keys = append(keys, r.Key)
	}
	f := &fake{answers: []fakeAnswer{{status: 200, body: `{"docs":[` + strings.Join(docs, ",") + `]}`}}}
	store, err := New(f, nil)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		f.asked = nil
		if _, err := store.GetMany(b.Context(), "c", keys); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEncode(b *testing.B) {
	r := driver.Record{Collection: "c", Key: "k"}
	r.Value = json.RawMessage(`{"name":"Ada","text":"` + strings.Repeat("x", 1000) + `"}`)
	b.ReportAllocs()
	for b.Loop() {
		encode(&r)
	}
}
