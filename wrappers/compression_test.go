package wrappers_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/storetest"
	"github.com/go-keyvalue/keyvalue/wrappers"
)

var compressions = map[string]*wrappers.CompressionOptions{
	"default":         nil,
	"gzip everything": {MinSize: 1},
	"zstd everything": {MinSize: 1, Algorithm: wrappers.Zstd},
}

func TestCompression(t *testing.T) {
	for name, options := range compressions {
		t.Run(name, func(t *testing.T) {
			prove(t, wrapping(wrappers.NewCompression, options), &storetest.WrapperOptions{
				RecodesValues: true,
				Undecodable:   json.RawMessage(`{"__compressed_data__":"aGVsbG8="}`),
			}, nil)
		})
	}
}

func TestCompressionOptions(t *testing.T) {
	for _, options := range []*wrappers.CompressionOptions{{Algorithm: "lzma"}, {MinSize: -1}, {MaxSize: -1}} {
		if _, err := wrappers.NewCompression(newNoop(nil), options); !errors.Is(err, core.ErrInvalidOptions) {
			t.Errorf("%+v: %v", *options, err)
		}
	}
	if _, err := wrappers.NewCompression(nil, nil); !errors.Is(err, core.ErrInvalidOptions) {
		t.Errorf("no store: %v", err)
	}
}

// readThrough reads the value through a Compression over a store that holds it.
func readThrough(t *testing.T, options *wrappers.CompressionOptions, stored string) (string, error) {
	t.Helper()
	inner := newMemory(t)
	if err := inner.Put(t.Context(), "c", "k", json.RawMessage(stored), 0); err != nil {
		t.Fatal(err)
	}
	entry, err := wrapping(wrappers.NewCompression, options)(t, inner).Get(t.Context(), "c", "k")
	return string(entry.Value), err
}

// storedBy returns what a Compression writes for the value.
func storedBy(t *testing.T, options *wrappers.CompressionOptions, value string) string {
	t.Helper()
	inner := newMemory(t)
	if err := wrapping(wrappers.NewCompression, options)(t, inner).Put(t.Context(), "c", "k", json.RawMessage(value), 0); err != nil {
		t.Fatal(err)
	}
	entry, err := inner.Get(t.Context(), "c", "k")
	if err != nil {
		t.Fatal(err)
	}
	return string(entry.Value)
}

// The Python library hands damaged envelopes out as they are, and ignores the
// version and the algorithm. Here they are corrupt.
var refusedVectors = []string{
	"nan", "already", "decompress/version_99_algo_zstd_ignored", "decompress/bad_base64_returns_as_is",
	"decompress/non_str_data_as_is", "decompress/not_gzip_as_is", "decompress/not_json_as_is",
	"decompress/json_list_returned_raw", "decompress/truncated_gzip", "decompress/base64_lenient_garbage_discarded",
}

func TestCompressionReadsVectors(t *testing.T) {
	var vectors struct {
		Cases []struct {
			Name   string          `json:"name"`
			Text   string          `json:"value_json_insertion_order"`
			Stored json.RawMessage `json:"stored_value"`
			OK     json.RawMessage `json:"ok"`
		}
	}
	text, err := os.ReadFile("testdata/compression.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &vectors); err != nil {
		t.Fatal(err)
	}
	refused := 0
	for _, c := range vectors.Cases {
		if string(c.Stored) == "null" {
			continue // a miss
		}
		got, err := readThrough(t, nil, string(c.Stored))
		if wantRefused := strings.Contains("\n"+strings.Join(refusedVectors, "\n")+"\n", "\n"+c.Name+"\n"); wantRefused {
			refused++
			if !errors.Is(err, core.ErrCorrupt) {
				t.Errorf("%s: got %.80s, %v, want ErrCorrupt", c.Name, got, err)
			}
			continue
		}
		want := c.Text
		if c.OK != nil {
			want = string(c.OK)
		}
		if err != nil || !equalJSON(t, got, want) {
			t.Errorf("%s: got %.80s, %v, want %.80s", c.Name, got, err, want)
		}
	}
	if len(vectors.Cases) != 26 || refused != len(refusedVectors) {
		t.Errorf("%d vectors, %d of them refused", len(vectors.Cases), refused)
	}
}

func equalJSON(t *testing.T, a, b string) bool {
	t.Helper()
	var left, right any
	if err := json.Unmarshal([]byte(a), &left); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(b), &right); err != nil {
		t.Fatal(err)
	}
	return reflect.DeepEqual(left, right)
}

func TestCompressionThreshold(t *testing.T) {
	value := `{"a":"` + strings.Repeat("x", 2000) + `"}`
	for _, c := range []struct {
		options    *wrappers.CompressionOptions
		value      string
		compressed bool
	}{
		{nil, value, true},
		{nil, value[:1020] + `"}`, false},
		{&wrappers.CompressionOptions{MinSize: len(value)}, value, true},
		{&wrappers.CompressionOptions{MinSize: len(value) + 1}, value, false},
		{&wrappers.CompressionOptions{MinSize: 1}, `{"a":1}`, false}, // it would grow
	} {
		stored := storedBy(t, c.options, c.value)
		if got := strings.HasPrefix(stored, `{"__compressed_data__":"`); got != c.compressed {
			t.Errorf("%d bytes under %+v are stored as %.60s", len(c.value), c.options, stored)
		}
		if !c.compressed && stored != c.value {
			t.Errorf("stored %s, want it as it is", stored)
		}
	}
}

// A value that looks like an envelope must come back as it was.
func TestCompressionOfEnvelopes(t *testing.T) {
	for _, value := range []string{
		`{"__compressed_data__":"abc","x":1}`,
		`{"__compressed_data__":5}`,
		`{"x":1, "\u005f_compressed_data__":"aGVsbG8="}`,
		`{ "x" : {"y":[1,"}",{"z":"\\\""}]}, "__compressed_data__" : null }`,
		storedBy(t, &wrappers.CompressionOptions{MinSize: 1}, `{"a":"`+strings.Repeat("x", 200)+`"}`),
	} {
		for name, options := range compressions {
			stored := storedBy(t, options, value)
			if got, err := readThrough(t, options, stored); err != nil || got != value {
				t.Errorf("%s: %s became %s, %v", name, value, got, err)
			}
		}
	}
	for _, value := range []string{
		`{"x":"__compressed_data__"}`, `{"x":{"__compressed_data__":"abc"}}`, `{"\u0061":"\u005f_compressed_data__"}`,
	} {
		if stored := storedBy(t, nil, value); stored != value {
			t.Errorf("%s is stored as %s", value, stored)
		}
		if got, err := readThrough(t, nil, value); err != nil || got != value {
			t.Errorf("%s is read as %s, %v", value, got, err)
		}
	}
}

// enveloped returns the envelope of a payload.
func enveloped(algorithm string, payload []byte) string {
	return fmt.Sprintf(`{"__compressed_data__":%q,"__compression_algorithm__":%q}`, base64.StdEncoding.EncodeToString(payload), algorithm)
}

func gzipped(t *testing.T, text []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write(text)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestCompressionBomb(t *testing.T) {
	bomb := append(bytes.Repeat([]byte(" "), 32<<20), `{"a":1}`...)
	encoder, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, stored := range map[string]string{
		"gzip": enveloped("gzip", gzipped(t, bomb)),
		"zstd": enveloped("zstd", encoder.EncodeAll(bomb, nil)),
	} {
		got, err := readThrough(t, &wrappers.CompressionOptions{MaxSize: 1 << 20}, stored)
		if !errors.Is(err, core.ErrCorrupt) || got != "" {
			t.Errorf("%s: got %d bytes, %v", name, len(got), err)
		}
		if _, err := readThrough(t, nil, stored); err != nil {
			t.Errorf("%s: within the limit: %v", name, err)
		}
		inner := newNoop(json.RawMessage(stored))
		store := wrapping(wrappers.NewCompression, &wrappers.CompressionOptions{MaxSize: 1 << 20})(t, inner)
		result := testing.Benchmark(func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				store.Get(b.Context(), "c", "k")
			}
		})
		if used := result.AllocedBytesPerOp(); used > 8<<20 {
			t.Errorf("%s: inflating 32 MiB with a limit of 1 MiB took %d bytes", name, used)
		}
	}
}

func TestCompressionMaxSizeOnWrites(t *testing.T) {
	store := wrapping(wrappers.NewCompression, &wrappers.CompressionOptions{MaxSize: 100})(t, newMemory(t))
	fits, exceeds := `{"a":"`+strings.Repeat("x", 92)+`"}`, `{"a":"`+strings.Repeat("x", 93)+`"}`
	if err := store.Put(t.Context(), "c", "k", json.RawMessage(fits), 0); err != nil {
		t.Errorf("100 bytes: %v", err)
	}
	if err := store.Put(t.Context(), "c", "k", json.RawMessage(exceeds), 0); !errors.Is(err, core.ErrTooLarge) {
		t.Errorf("101 bytes: %v", err)
	}
	if entry, err := store.Get(t.Context(), "c", "k"); err != nil || string(entry.Value) != fits {
		t.Errorf("read %s, %v", entry.Value, err)
	}
}

func FuzzCompressionDecode(f *testing.F) {
	f.Add(`{"__compressed_data__":"H4sIAAAAAAACA4s2jAUAuDIvTAMAAAA="}`)
	f.Add(`{"a":1}`)
	f.Add(`{"\u005f_compressed_data__":"aGVsbG8=","__compression_algorithm__":"zstd"}`)
	f.Fuzz(func(t *testing.T, stored string) {
		if core.CheckValue(json.RawMessage(stored)) != nil {
			return
		}
		store := wrapping(wrappers.NewCompression, &wrappers.CompressionOptions{MaxSize: 1 << 16})(t, newNoop(json.RawMessage(stored)))
		entry, err := store.Get(t.Context(), "c", "k")
		switch {
		case err == nil && core.CheckValue(entry.Value) != nil:
			t.Errorf("%q was read as %q", stored, entry.Value)
		case err != nil && !errors.Is(err, core.ErrCorrupt):
			t.Errorf("%q: %v", stored, err)
		}
	})
}

// What is in the buffer already does not count for the limit.
func TestCompressionBehindALongBuffer(t *testing.T) {
	value := json.RawMessage(`{"a":"` + strings.Repeat("x", 80_000) + `"}`)
	for _, algorithm := range []wrappers.CompressionAlgorithm{wrappers.Gzip, wrappers.Zstd} {
		options := &wrappers.CompressionOptions{Algorithm: algorithm, MaxSize: 100_000}
		store := wrapping(wrappers.NewCompression, options)(t, newMemory(t))
		if err := store.Put(t.Context(), "c", "k", value, 0); err != nil {
			t.Fatal(err)
		}
		for _, room := range []int{0, 10, 200_000} {
			head := bytes.Repeat([]byte("h"), 150_000)
			entry, err := core.GetAppend(t.Context(), store, "c", "k", append(make([]byte, 0, len(head)+room), head...))
			if err != nil || !bytes.Equal(entry.Value, append(head, value...)) {
				t.Errorf("%s with room for %d: %d bytes, %v", algorithm, room, len(entry.Value), err)
			}
		}
	}
}
