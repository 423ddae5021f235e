package memory

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/go-keyvalue/keyvalue/core"
)

// Keys whose hashes agree in 32 bits are still different keys.
func TestKeysOfOneHash(t *testing.T) {
	s, err := New(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	const asked = "asked"
	sh, hash := s.locate("c", asked)
	get := func() (string, error) {
		plain, err := s.Get(context.Background(), "c", asked)
		appended, errAppended := s.GetAppend(context.Background(), "c", asked, []byte("x"))
		if err != errAppended || err == nil && "x"+string(plain.Value) != string(appended.Value) {
			t.Errorf("Get = %s, %v; GetAppend = %s, %v", plain.Value, err, appended.Value, errAppended)
		}
		return string(plain.Value), err
	}
	add := func(key string, n int) {
		sh.add(hash, "c", newItem(key, json.RawMessage(fmt.Sprintf(`{"n":%d}`, n)), present(), core.NoTTL))
	}
	for i, other := range []string{"other", "o", "another that is longer than what is asked for"} {
		add(other, i)
		if value, err := get(); err != core.ErrNotFound {
			t.Errorf("a key of the same hash was taken for the one asked for: %s, %v", value, err)
		}
	}
	add(asked, 7)
	if value, err := get(); value != `{"n":7}` || err != nil {
		t.Errorf("Get = %s, %v", value, err)
	}
	position, found := sh.table("c").find(hash, "o")
	if !found || sh.table("c").at(position).key() != "o" {
		t.Error("a key was not found among those of one hash")
	}
	sh.table("c").remove(hash, position)
	if value, err := get(); value != `{"n":7}` || err != nil {
		t.Errorf("after another was removed: %s, %v", value, err)
	}
}
