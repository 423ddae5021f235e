package wrappers_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/go-keyvalue/keyvalue/core"
)

// encrypted returns what the wrapper stores instead of the value, under "key"
// of the default collection, and what reads anything in its place.
func encrypted(t *testing.T, value string, wrap func(core.Store) core.Full) (stored json.RawMessage, read func(json.RawMessage) (json.RawMessage, error)) {
	t.Helper()
	inner := newMemory(t)
	if err := wrap(inner).Put(t.Context(), "", "key", []byte(value), core.NoTTL); err != nil {
		t.Fatal(err)
	}
	entry, err := inner.Get(t.Context(), "", "key")
	if err != nil {
		t.Fatal(err)
	}
	return entry.Value, func(stored json.RawMessage) (json.RawMessage, error) {
		entry, err := wrap(newNoop(stored)).Get(t.Context(), "", "key")
		return entry.Value, err
	}
}

// checkEveryBit flips each bit of what is stored, and wants all refused.
func checkEveryBit(t *testing.T, stored json.RawMessage, read func(json.RawMessage) (json.RawMessage, error)) {
	t.Helper()
	if _, err := read(stored); err != nil {
		t.Fatalf("unaltered: %v", err)
	}
	for i := range len(stored) * 8 {
		altered := slices.Clone(stored)
		altered[i/8] ^= 1 << (i % 8)
		if value, err := read(altered); !errors.Is(err, core.ErrCorrupt) {
			t.Errorf("bit %d of byte %d of %s: read %s, %v, want core.ErrCorrupt", i%8, i/8, stored, value, err)
		}
	}
}

// spaced is the same object as Python writes it, with spaces and in another
// order.
func spaced(stored json.RawMessage) json.RawMessage {
	members := strings.Split(strings.Trim(string(stored), "{}"), ",")
	slices.Reverse(members)
	return json.RawMessage(strings.ReplaceAll("{"+strings.Join(members, ", ")+"}", ":", ": "))
}

func TestFernetTampered(t *testing.T) {
	options := fernetKeys(2)
	stored, read := encrypted(t, `{"a":1}`, func(s core.Store) core.Full { return newFernet(t, s, options) })
	checkEveryBit(t, stored, read)
	checkEveryBit(t, spaced(stored), read)
}

func TestEncryptionTampered(t *testing.T) {
	options := encryptionKeys(t, "a", "c") // ids that are one bit apart
	stored, read := encrypted(t, `{"a":1}`, func(s core.Store) core.Full { return newEncryption(t, s, options) })
	checkEveryBit(t, stored, read)
	checkEveryBit(t, spaced(stored), read)
}

// What is no envelope of the wrapper is refused, and what is one is read in
// any form that JSON has for it.
func TestEncryptionEnvelopes(t *testing.T) {
	options := encryptionKeys(t, "a")
	stored, read := encrypted(t, `{"a":1}`, func(s core.Store) core.Full { return newEncryption(t, s, options) })
	text := string(stored)
	for _, same := range []string{
		strings.Replace(text, "__encrypted_data__", `\u005f_encrypted_data__`, 1),
		strings.Replace(text, "aes-256-gcm", `aes\u002d256-gcm`, 1),
		strings.Replace(text, `"a"`, `"\u0061"`, 1),
		strings.Replace(text, "{", `{"__encryption_key_id__":"b",`, 1), // the last one counts
	} {
		if value, err := read([]byte(same)); err != nil || string(value) != `{"a":1}` {
			t.Errorf("%s: got %s, %v", same, value, err)
		}
	}
	for _, other := range []string{
		``, `null`, `[]`, `{`, `{}`, `{"a":1}`, text + text, text + "x",
		strings.Replace(text, "{", `{"other":1,`, 1),
		strings.Replace(text, ":2", ":2.0", 1), strings.Replace(text, ":2", ":1", 1),
		strings.Replace(text, ":2", `:"2"`, 1), strings.Replace(text, ":2", ":null", 1),
		strings.Replace(text, "__encrypted_data__", "__ENCRYPTED_DATA__", 1),
		strings.Replace(text, "aes-256-gcm", "AES-256-GCM", 1),
		strings.Replace(text, `"a"`, `""`, 1), strings.Replace(text, `"a"`, `null`, 1),
		strings.Replace(text, `"a"`, `"`+strings.Repeat("k", 10_000)+`"`, 1),
		strings.Replace(text, `","__encryption_a`, `\n","__encryption_a`, 1),
		`{"__encrypted_data__":5,"__encryption_algorithm__":"aes-256-gcm","__encryption_key_id__":"a","__encryption_version__":2}`,
	} {
		_, err := read([]byte(other))
		if !errors.Is(err, core.ErrCorrupt) || len(err.Error()) > 300 {
			t.Errorf("%.200s: %.400v, want a short core.ErrCorrupt", other, err)
		}
	}
}

// Neither wrapper takes the other's for its own or for plaintext.
func TestEncryptionsApart(t *testing.T) {
	fernet := fernetKeys(1)
	fernet.AllowPlaintext = true
	encryption := encryptionKeys(t, "a")
	encryption.AllowPlaintext = true
	ofFernet, readFernet := encrypted(t, `{"a":1}`, func(s core.Store) core.Full { return newFernet(t, s, fernet) })
	ofEncryption, readEncryption := encrypted(t, `{"a":1}`, func(s core.Store) core.Full { return newEncryption(t, s, encryption) })
	if _, err := readFernet(ofEncryption); !errors.Is(err, core.ErrCorrupt) {
		t.Errorf("Fernet read what Encryption wrote: %v", err)
	}
	if _, err := readEncryption(ofFernet); !errors.Is(err, core.ErrCorrupt) {
		t.Errorf("Encryption read what Fernet wrote: %v", err)
	}
}

// Plaintext is refused, and permitted by the option.
func TestEncryptionPlaintext(t *testing.T) {
	const plain = `{"a": 1}`
	for _, allow := range []bool{false, true} {
		fernet, encryption := fernetKeys(1), encryptionKeys(t, "a")
		fernet.AllowPlaintext, encryption.AllowPlaintext = allow, allow
		for name, store := range map[string]core.Full{
			"fernet":     newFernet(t, newNoop([]byte(plain)), fernet),
			"encryption": newEncryption(t, newNoop([]byte(plain)), encryption),
		} {
			entry, err := store.Get(t.Context(), "", "key")
			switch {
			case allow && (err != nil || string(entry.Value) != plain):
				t.Errorf("%s: got %s, %v, want the plaintext", name, entry.Value, err)
			case !allow && !errors.Is(err, core.ErrCorrupt):
				t.Errorf("%s: %v, want core.ErrCorrupt", name, err)
			}
		}
	}
}
