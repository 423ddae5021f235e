package wrappers

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/go-keyvalue/keyvalue/core"
)

// FuzzEncryptionEnvelope holds both codecs to values or core.ErrCorrupt.
func FuzzEncryptionEnvelope(f *testing.F) {
	key, err := NewEncryptionKey("a", make([]byte, encryptionKeySize))
	if err != nil {
		f.Fatal(err)
	}
	encryption := &encryptionCodec{first: key.secret(), keys: map[string]*encryptionSecret{"a": key.secret()}}
	fernet := &fernetCodec{keys: []*fernetCipher{newFernetCipher([fernetKeySize]byte{})}}
	for _, codec := range []codec{encryption, fernet} {
		stored, err := codec.encode("default", "key", json.RawMessage(`{"a":1}`))
		if err != nil {
			f.Fatal(err)
		}
		f.Add([]byte(stored))
	}
	f.Add([]byte(`{"__encrypted_data__" : "a\n", "__encryption_version__": 10, "x": {"y": []}}`))
	f.Add([]byte(`{"__encrypted_data__":"a","__encrypted_data__":"b"}`))
	f.Fuzz(func(t *testing.T, stored []byte) {
		for _, codec := range []codec{encryption, fernet} {
			value, err := codec.decode(nil, "default", "key", stored)
			if err != nil && !errors.Is(err, core.ErrCorrupt) || err == nil && core.CheckValue(value) != nil {
				t.Errorf("%s: got %s, %v", stored, value, err)
			}
		}
	})
}
