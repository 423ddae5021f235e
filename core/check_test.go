package core_test

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

func TestCheckNames(t *testing.T) {
	for _, name := range []string{"k", "..", "a::b", "\x00", "é", "\u2028", strings.Repeat("x", 1<<20)} {
		if err := core.CheckKey(name); err != nil {
			t.Errorf("CheckKey(%.20q) = %v", name, err)
		}
		if err := core.CheckCollection(name); err != nil {
			t.Errorf("CheckCollection(%.20q) = %v", name, err)
		}
	}
	for _, key := range []string{"", "\xff", "a\xc0\xaf", "\xed\xa0\x80"} {
		if err := core.CheckKey(key); !errors.Is(err, core.ErrInvalidKey) {
			t.Errorf("CheckKey(%q) = %v", key, err)
		}
		if err := core.CheckCollection(key); errors.Is(err, core.ErrInvalidKey) != (key != "") {
			t.Errorf("CheckCollection(%q) = %v", key, err)
		}
	}
}

func TestCheckValue(t *testing.T) {
	nested := func(depth int) json.RawMessage {
		return json.RawMessage(`{"a":` + strings.Repeat("[", depth-1) + strings.Repeat("]", depth-1) + `}`)
	}
	for _, value := range []json.RawMessage{
		[]byte(`{}`), []byte(" {\"a\":[1,1.0,1e400,\"\\ud800\"]}\n"), []byte(`{"$date":1}`), nested(core.MaxDepth),
	} {
		if err := core.CheckValue(value); err != nil {
			t.Errorf("CheckValue(%.40s) = %v", value, err)
		}
	}
	for _, value := range []json.RawMessage{
		nil, {}, []byte(`null`), []byte(`[]`), []byte(`"canary"`), []byte(`{"canary":}`), []byte(`{} {}`),
		[]byte("{\"a\":\"\xff\"}"), []byte(`{"a":NaN}`), []byte("\ufeff{}"), nested(core.MaxDepth + 1),
	} {
		err := core.CheckValue(value)
		if !errors.Is(err, core.ErrInvalidValue) || strings.Contains(err.Error(), "canary") {
			t.Errorf("CheckValue(%.40s) = %v", value, err)
		}
	}
}

func TestCheckTTL(t *testing.T) {
	for _, ttl := range []time.Duration{core.NoTTL, 1, time.Hour, math.MaxInt64} {
		if err := core.CheckTTL(ttl); err != nil {
			t.Errorf("CheckTTL(%v) = %v", ttl, err)
		}
	}
	for _, ttl := range []time.Duration{-1, -time.Hour, math.MinInt64} {
		if err := core.CheckTTL(ttl); !errors.Is(err, core.ErrInvalidTTL) {
			t.Errorf("CheckTTL(%v) = %v", ttl, err)
		}
	}
}

func TestCheckItem(t *testing.T) {
	good := core.Item{Key: "k", Value: json.RawMessage(`{}`)}
	for want, change := range map[error]func(*core.Item){
		nil:                  func(*core.Item) {},
		core.ErrInvalidKey:   func(i *core.Item) { i.Key = "" },
		core.ErrInvalidValue: func(i *core.Item) { i.Value = nil },
		core.ErrInvalidTTL:   func(i *core.Item) { i.TTL = -1 },
	} {
		item := good
		change(&item)
		if err := core.CheckItem(item); !errors.Is(err, want) {
			t.Errorf("CheckItem(%v) = %v, want %v", item, err, want)
		}
	}
}

func TestCheckSize(t *testing.T) {
	for _, c := range []struct {
		size, limit int
		want        error
	}{{10, 0, nil}, {10, 10, nil}, {11, 10, core.ErrTooLarge}, {11, -1, nil}} {
		if err := core.CheckSize(c.size, c.limit); !errors.Is(err, c.want) {
			t.Errorf("CheckSize(%d, %d) = %v, want %v", c.size, c.limit, err, c.want)
		}
	}
}

func TestCollectionName(t *testing.T) {
	if core.CollectionName("") != core.DefaultCollection || core.CollectionName("c") != "c" {
		t.Error("CollectionName is wrong")
	}
}
