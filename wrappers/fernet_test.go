package wrappers_test

import (
	"encoding/json"
	"errors"
	"os"
	"testing"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/storetest"
	"github.com/go-keyvalue/keyvalue/wrappers"
)

func newFernet(t testing.TB, inner core.Store, options *wrappers.FernetOptions) *wrappers.Fernet {
	t.Helper()
	store, err := wrappers.NewFernet(inner, options)
	if err != nil {
		t.Fatal(err)
	}
	return store
}

// fernetKeys returns options with so many new keys.
func fernetKeys(count int) *wrappers.FernetOptions {
	options := new(wrappers.FernetOptions)
	for range count {
		options.Keys = append(options.Keys, wrappers.GenerateFernetKey())
	}
	return options
}

func TestFernet(t *testing.T) {
	prove(t, wrapping(wrappers.NewFernet, fernetKeys(2)), &storetest.WrapperOptions{
		RecodesValues: true,
		Undecodable:   json.RawMessage(`{"__encrypted_data__":"Z0FBQUFBQQ==","__encryption_version__":1}`),
	}, nil)
}

func TestFernetOptions(t *testing.T) {
	inner := newMemory(t)
	for name, options := range map[string]*wrappers.FernetOptions{
		"nil":      nil,
		"no key":   {AllowPlaintext: true},
		"zero key": {Keys: []wrappers.FernetKey{wrappers.GenerateFernetKey(), {}}},
	} {
		if _, err := wrappers.NewFernet(inner, options); !errors.Is(err, core.ErrInvalidOptions) {
			t.Errorf("%s: %v, want core.ErrInvalidOptions", name, err)
		}
	}
	if _, err := wrappers.NewFernet(nil, fernetKeys(1)); !errors.Is(err, core.ErrInvalidOptions) {
		t.Errorf("nil store: %v, want core.ErrInvalidOptions", err)
	}
}

// fernetCase is a case of vectors/fernet_encryption.json.
type fernetCase struct {
	Name      string
	Source    string          `json:"source_material"`
	Salt      string          `json:"salt"`
	Key       string          `json:"fernet_key"`
	Keys      []string        `json:"keys_in_order"`
	Plaintext string          `json:"plaintext"`
	Stored    json.RawMessage `json:"stored_value"`
	OK        json.RawMessage `json:"ok"`
	Error     string          `json:"error"`
	Raises    *bool           `json:"raise_on_decryption_error"`
	Args      map[string]string
}

// fernetDifferences says what happens here to what Python accepts.
var fernetDifferences = map[string]string{
	"decrypt/version_0":    "Python writes no such version, and a flipped bit of 1 makes it",
	"decrypt/version_true": "as before",
	"decrypt/json_list":    "a value is an object",
}

func fernetCases(t *testing.T) []fernetCase {
	text, err := os.ReadFile("testdata/fernet_encryption.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Cases []fernetCase }
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	return file.Cases
}

// Every case that was recorded is compared.
func TestFernetVectors(t *testing.T) {
	keys := make(map[string]wrappers.FernetKey) // by what they were derived from
	for _, c := range fernetCases(t) {
		switch c.Name {
		case "kdf":
			key, err := wrappers.DeriveFernetKey(c.Source, c.Salt)
			if err != nil || key.Reveal() != c.Key {
				t.Errorf("%s %q: got another key, error %v", c.Name, c.Source, err)
			}
			keys[c.Key] = key
		case "payload":
			checkFernetRead(t, c, []wrappers.FernetKey{keys[c.Key]}, c.Plaintext)
		case "ctor":
			_, both := c.Args["fernet"] // two fields here, so no contradiction
			if _, err := wrappers.DeriveFernetKey(c.Args["source_material"], c.Args["salt"]); !both && !errors.Is(err, core.ErrInvalidOptions) {
				t.Errorf("%s %q: %v, want core.ErrInvalidOptions", c.Name, c.Args, err)
			}
		case "multifernet_decrypts_old":
			checkFernetRead(t, c, parseFernetKeys(t, c.Keys...), string(c.OK))
		case "live_put":
			checkFernetRead(t, c, parseFernetKeys(t, "znx7rVYt4roVgu3ymt5sIYFmfMNGEPbm8AShXQv6CY4="), c.Plaintext)
		case "decrypt/none", "put_error/datetime", "put_error/set":
			// No such values can be given or stored.
		case "stack Compression(Fernet(store))", "stack Fernet(Compression(store))":
			// The order of the members is Python's. The test of stacks has these.
		default:
			if c.Raises == nil {
				t.Errorf("%s: no test for such a case", c.Name)
			} else if *c.Raises { // the others are the same, and silent
				want := string(c.OK)
				if fernetDifferences[c.Name] != "" {
					want = ""
				}
				checkFernetRead(t, c, parseFernetKeys(t, "znx7rVYt4roVgu3ymt5sIYFmfMNGEPbm8AShXQv6CY4="), want)
			}
		}
	}
}

func parseFernetKeys(t *testing.T, texts ...string) (keys []wrappers.FernetKey) {
	t.Helper()
	for _, text := range texts {
		key, err := wrappers.ParseFernetKey(text)
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, key)
	}
	return keys
}

// checkFernetRead reads what the case has stored, and wants that value, or
// core.ErrCorrupt where it is empty. Python reads plaintext.
func checkFernetRead(t *testing.T, c fernetCase, keys []wrappers.FernetKey, want string) {
	t.Helper()
	store := newFernet(t, newNoop(c.Stored), &wrappers.FernetOptions{Keys: keys, AllowPlaintext: true})
	got, err := store.Get(t.Context(), "", "key")
	switch {
	case want == "" && !errors.Is(err, core.ErrCorrupt):
		t.Errorf("%s: %v, want core.ErrCorrupt", c.Name, err)
	case want != "" && err != nil:
		t.Errorf("%s: %v", c.Name, err)
	case want != "" && !sameJSON(got.Value, []byte(want)):
		t.Errorf("%s: got %s, want %s", c.Name, got.Value, want)
	}
}
