package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
)

func TestRecorder(t *testing.T) {
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	recorder := NewRecorder(newBase())
	defer recorder.Close()
	items := []core.Item{{Key: "a", Value: json.RawMessage(`{"a":1}`), TTL: time.Hour}, {Key: "b", Value: json.RawMessage(`{}`)}}
	if err := recorder.PutMany(t.Context(), "birds", items); err != nil {
		t.Fatal(err)
	}
	clear(items[0].Value) // the Recorder keeps a copy
	if err := recorder.Setup(t.Context(), "birds", "fish"); err != nil {
		t.Fatal(err)
	}
	if _, err := recorder.Get(canceled, "", "a"); !errors.Is(err, context.Canceled) {
		t.Errorf("Get with a context that is done returned %v, want the error of the store inside", err)
	}

	calls := recorder.Calls()
	if len(calls) != 3 {
		t.Fatalf("Calls() = %v, want three", calls)
	}
	put := calls[0]
	if put.Method != "PutMany" || put.Collection != "birds" || !slices.Equal(put.Keys, []string{"a", "b"}) || put.Done {
		t.Errorf("the first call is %+v, want PutMany of a and b", put)
	}
	if put.Items[0].TTL != time.Hour || string(put.Items[0].Value) != `{"a":1}` {
		t.Errorf("the first item is %+v, want it as given", put.Items[0])
	}
	if setup := recorder.Calls("Setup", "Ping"); len(setup) != 1 || !slices.Equal(setup[0].Collections, []string{"birds", "fish"}) {
		t.Errorf("Calls(Setup, Ping) = %+v, want one of birds and fish", setup)
	}
	if get := calls[2]; !get.Done || get.Collection != "" || get.Keys[0] != "a" {
		t.Errorf("the last call is %+v, want Get with a context that is done", get)
	}

	for range recorder.Keys(t.Context(), "birds") {
		if recorder.Open() != 1 {
			t.Errorf("Open() = %d while a listing is ranged over, want 1", recorder.Open())
		}
		break
	}
	if recorder.Open() != 0 {
		t.Errorf("Open() = %d after it, want 0", recorder.Open())
	}
	recorder.Reset()
	if calls := recorder.Calls(); len(calls) != 0 {
		t.Errorf("Calls() after Reset = %v, want none", calls)
	}
}
