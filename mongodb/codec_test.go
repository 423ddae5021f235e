package mongodb

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/go-keyvalue/keyvalue/core"
)

// encode returns the document that a value becomes.
func encode(value string) (bson.Raw, error) {
	w := new(writer)
	err := w.value(json.RawMessage(value))
	return w.data, err
}

// The driver, which is another implementation, reads what we write.
func TestTypes(t *testing.T) {
	raw, err := encode(`{"z":1,"a":2147483648,"b":-2147483648,"c":1.0,"d":1e2,"e":-9223372036854775808,"f":"x\u0000\ud83d\ude00",` +
		`"g":true,"h":null,"i":[1,{"k":[]},2.5],"$date":{"$oid":"5"},"a.b":false,"":{}}`)
	if err != nil {
		t.Fatal(err)
	}
	if err := raw.Validate(); err != nil {
		t.Fatal(err)
	}
	var got bson.D
	if err := bson.Unmarshal(raw, &got); err != nil {
		t.Fatal(err)
	}
	want := bson.D{
		{Key: "z", Value: int32(1)},
		{Key: "a", Value: int64(2147483648)},
		{Key: "b", Value: int32(-2147483648)},
		{Key: "c", Value: 1.0},
		{Key: "d", Value: 100.0},
		{Key: "e", Value: int64(math.MinInt64)},
		{Key: "f", Value: "x\x00😀"},
		{Key: "g", Value: true},
		{Key: "h", Value: nil},
		{Key: "i", Value: bson.A{int32(1), bson.D{{Key: "k", Value: bson.A{}}}, 2.5}},
		{Key: "$date", Value: bson.D{{Key: "$oid", Value: "5"}}},
		{Key: "a.b", Value: false},
		{Key: "", Value: bson.D{}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("the driver reads\n%v, want\n%v", got, want)
	}
}

func TestSpelling(t *testing.T) {
	for text, want := range map[string]string{
		`{"a":1,"b":1.0,"c":1.50,"d":-0.0,"e":-0}`:  `{"a":1,"b":1.0,"c":1.5,"d":-0.0,"e":0}`,
		`{"a":1e5,"b":1E16,"c":0.0001,"d":0.00001}`: `{"a":100000.0,"b":1e+16,"c":0.0001,"d":1e-05}`,
		`{"a":1e-400,"b":5e-324}`:                   `{"a":0.0,"b":5e-324}`,
		`{"a":3.14159265358979323846264338327950}`:  `{"a":3.141592653589793}`,
		`{"a":9223372036854775807}`:                 `{"a":9223372036854775807}`,
		" { \"b\" : [ ] ,\n\"a\" : { } } ":          `{"b":[],"a":{}}`,
		`{"z":1,"y":{"x":1,"a":2},"b":[[],[null]]}`: `{"z":1,"y":{"x":1,"a":2},"b":[[],[null]]}`,
		`{"a":"\u0000\u001f\u007f\"\\\/é😀\b\f\n"}`:  `{"a":"\u0000\u001f` + "\x7f" + `\"\\/é😀\u0008\u000c\n"}`,
	} {
		raw, err := encode(text)
		if err != nil {
			t.Errorf("%s = %v", text, err)
			continue
		}
		if got, err := appendObject(nil, raw, core.MaxDepth); err != nil || string(got) != want {
			t.Errorf("%s comes back as %s, %v; want %s", text, got, err, want)
		}
	}
}

func TestRefused(t *testing.T) {
	many := strings.Builder{}
	for i := range 40 {
		fmt.Fprintf(&many, `"m%d":1,`, i)
	}
	for text, want := range map[string]error{
		`{"a":9223372036854775808}`:       errInteger,
		`{"a":-9223372036854775809}`:      errInteger,
		`{"a":1e309}`:                     errNumber,
		`{"a\u0000":1}`:                   errNameNUL,
		`{"a":1,"\u0061":2}`:              errTwice,
		`{` + many.String() + `"m7":1}`:   errTwice,
		`{"a":{"b":1,"c":{"b":1},"b":2}}`: errTwice,
		`{"a":"\ud800"}`:                  errSurrogate,
		`{"a":"\udc00\ud800"}`:            errSurrogate,
		`{"a":"\ud800\u0041"}`:            errSurrogate,
		strings.Repeat(`{"a":`, MaxDepth) + `{}` + strings.Repeat(`}`, MaxDepth):      errDepth,
		`{"a":` + strings.Repeat(`[`, MaxDepth) + strings.Repeat(`]`, MaxDepth) + `}`: errDepth,
		`{"a":[` + strings.Repeat(`1,`, 2<<20) + `1]}`:                                errLargerBSON,
	} {
		if _, err := encode(text); err != want {
			t.Errorf("%.60s = %v, want %v", text, err, want)
		}
	}
	for _, text := range []string{
		strings.Repeat(`{"a":`, MaxDepth-1) + `{}` + strings.Repeat(`}`, MaxDepth-1),
		`{"a":{"b":1},"b":{"a":1},"c":[{"a":1},{"a":1}]}`, `{` + many.String() + `"m":1}`,
	} {
		if _, err := encode(text); err != nil {
			t.Errorf("%.60s = %v", text, err)
		}
	}
}

// What Python and others may have put into a value.
func TestForeignTypes(t *testing.T) {
	date := bson.NewDateTimeFromTime(time.Date(2025, 1, 2, 3, 4, 5, 678e6, time.UTC))
	for _, c := range []struct {
		value any
		want  string // empty: ErrCorrupt
	}{
		{date, `"2025-01-02T03:04:05.678000+00:00"`},
		{bson.DateTime(0), `"1970-01-01T00:00:00+00:00"`},
		{bson.DateTime(math.MaxInt64), ""},
		{[]byte("hi\xff"), `"aGn/"`},
		{bson.Binary{Subtype: 4, Data: make([]byte, 16)}, ""},
		{nil, "null"},
		{bson.A{int32(1), bson.A{date}}, `[1,["2025-01-02T03:04:05.678000+00:00"]]`},
		{bson.NewObjectID(), ""},
		{bson.NewDecimal128(1, 2), ""},
		{bson.Regex{Pattern: "a", Options: "i"}, ""},
		{bson.Timestamp{T: 1}, ""},
		{bson.MinKey{}, ""},
		{bson.JavaScript("1"), ""},
		{bson.CodeWithScope{Code: "1", Scope: bson.D{}}, ""},
		{bson.Symbol("x"), ""},
		{bson.DBPointer{DB: "x"}, ""},
		{bson.Undefined{}, ""},
		{math.NaN(), ""},
		{math.Inf(-1), ""},
		{"\xff", ""},
	} {
		raw, err := bson.Marshal(bson.D{{Key: "a", Value: c.value}, {Key: "b", Value: int32(1)}})
		if err != nil {
			t.Fatal(err)
		}
		got, err := appendObject(nil, raw, core.MaxDepth)
		if c.want == "" {
			if !errors.Is(err, core.ErrCorrupt) {
				t.Errorf("%T %v reads %s, %v; want ErrCorrupt", c.value, c.value, got, err)
			}
		} else if string(got) != `{"a":`+c.want+`,"b":1}` || err != nil {
			t.Errorf("%T %v reads %s, %v; want %s", c.value, c.value, got, err, c.want)
		}
	}
}

// randomValue is any value that MongoDB keeps, with text as this store spells it.
func randomValue(r *rand.Rand, depth int) string {
	switch n := r.IntN(9); {
	case n == 0 && depth > 0:
		var b strings.Builder
		for i := range r.IntN(20) {
			fmt.Fprintf(&b, `,%s:%s`, quote(fmt.Sprint(randomText(r), i)), randomValue(r, depth-1))
		}
		return "{" + strings.TrimPrefix(b.String(), ",") + "}"
	case n == 1 && depth > 0:
		var b strings.Builder
		for range r.IntN(15) {
			b.WriteString("," + randomValue(r, depth-1))
		}
		return "[" + strings.TrimPrefix(b.String(), ",") + "]"
	case n < 4:
		return fmt.Sprint(int64(r.Uint64()) >> r.IntN(64))
	case n == 4:
		f, err := appendDouble(nil, math.Float64frombits(r.Uint64()))
		if err != nil {
			return "0.5"
		}
		return string(f)
	case n < 7:
		return quote(randomText(r))
	}
	return []string{"true", "false", "null"}[r.IntN(3)]
}

func randomText(r *rand.Rand) string {
	text := make([]rune, r.IntN(12))
	for i := range text {
		text[i] = []rune("ab\"\\\n\x01\x7fé日😀$.\u2028")[r.IntN(13)]
	}
	return string(text)
}

func quote(text string) string { return string(appendQuoted(nil, []byte(text))) }

func TestRoundTrip(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 5000 {
		text := `{"v":` + randomValue(r, 4) + `}`
		if !json.Valid([]byte(text)) {
			t.Fatalf("the test makes %s", text)
		}
		raw, err := encode(text)
		if err != nil {
			t.Fatalf("%s = %v", text, err)
		}
		if err := raw.Validate(); err != nil {
			t.Fatalf("%s becomes %v", text, err)
		}
		got, err := appendObject(nil, raw, core.MaxDepth)
		if err != nil || string(got) != text {
			t.Fatalf("%s comes back as %s, %v", text, got, err)
		}
	}
}

// Whatever is legal and not refused comes back equal, and the driver finds it
// well formed. Whatever the text, nothing panics.
func FuzzEncode(f *testing.F) {
	for _, seed := range []string{
		`{}`, `{"a":[1,1.0,-0,1e5,"\ud83d\ude00",null,true,{"b":{}}]}`, `{"a":1,"a":2}`, `{"a\u0000":1}`, `{"a":"\ud800"}`, `[`, `{"a":`, `{"a":1}x`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		raw, err := encode(string(text))
		if core.CheckValue(text) != nil {
			return // the layer has refused it
		}
		if err != nil {
			if !errors.Is(err, core.ErrInvalidValue) || err == errSyntax {
				t.Fatalf("%q = %v", text, err)
			}
			return
		}
		if err := raw.Validate(); err != nil {
			t.Fatalf("%q becomes %v", text, err)
		}
		got, err := appendObject(nil, raw, core.MaxDepth)
		if err != nil || core.CheckValue(got) != nil {
			t.Fatalf("%q comes back as %q, %v", text, got, err)
		}
		var a, b any
		if err := errors.Join(json.Unmarshal(text, &a), json.Unmarshal(got, &b)); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(a, b) {
			t.Fatalf("%q comes back as %q", text, got)
		}
	})
}

// Whatever lies in the database, it is a valid entry or ErrCorrupt.
func FuzzParse(f *testing.F) {
	for _, d := range []bson.D{
		{},
		{{Key: "_id", Value: bson.NewObjectID()}, {Key: "key", Value: "k"}, {Key: "value", Value: bson.D{{Key: "object", Value: bson.D{{Key: "a", Value: 1.5}}}}}},
		{{Key: "key", Value: bson.A{"k"}}, {Key: "created_at", Value: bson.DateTime(1)}, {Key: "expires_at", Value: nil}, {Key: "value", Value: "x"}},
		{{Key: "value", Value: bson.D{{Key: "object", Value: bson.D{{Key: "a", Value: bson.A{bson.Regex{}, []byte("x"), bson.Decimal128{}}}}}}}},
	} {
		raw, err := bson.Marshal(d)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		before := bytes.Clone(data)
		d := parse(data)
		listed := parseListed(data)
		entry, err := d.entry(nil)
		if !bytes.Equal(before, data) {
			t.Fatal("the document was changed")
		}
		if listed.err != nil && !errors.Is(listed.err, core.ErrCorrupt) {
			t.Fatalf("listing it gives %v", listed.err)
		}
		if err != nil {
			if !errors.Is(err, core.ErrCorrupt) {
				t.Fatalf("%v", err)
			}
			return
		}
		if !json.Valid(entry.Value) || entry.Value[0] != '{' {
			t.Fatalf("the value is %q", entry.Value)
		}
	})
}
