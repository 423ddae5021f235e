package wrappers

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"fmt"
	"strconv"
)

const (
	encryptionKeySize = 32
	maxKeyID          = 64
)

// EncryptionKey is a key of an [Encryption] wrapper: 32 bytes, and an id by
// which they are found again. The zero EncryptionKey is none.
//
// It does not print: every verb of package fmt, encoding/json and log/slog
// show [EncryptionKey.String]. [EncryptionKey.Reveal] returns the key itself.
type EncryptionKey struct {
	// A function, since fmt looks into unexported fields without asking, for
	// a wrong verb even behind pointers. Nil for the zero key.
	secret func() *encryptionSecret
}

type encryptionSecret struct {
	id    string
	bytes []byte
	aead  cipher.AEAD // puts the nonce before what it seals
}

// NewEncryptionKey returns the key with the secret, which is 32 random bytes
// and is copied. A password is none; derive a secret from it first, with
// crypto/pbkdf2 for example.
//
// The id is stored beside each value, so it is no secret; a date does well. It
// has 1 to 64 visible ASCII characters other than '"' and '\'. Never give
// two secrets the same id.
func NewEncryptionKey(id string, secret []byte) (EncryptionKey, error) {
	if len(secret) != encryptionKeySize {
		return EncryptionKey{}, refuseOptions("encryption", "a key is 32 bytes, not "+strconv.Itoa(len(secret)))
	}
	if !legalKeyID(id) {
		return EncryptionKey{}, refuseOptions("encryption", `a key id is 1 to 64 visible ASCII characters other than '"' and '\'`)
	}
	block, err := aes.NewCipher(secret)
	if err != nil {
		return EncryptionKey{}, refuseOptions("encryption", err.Error())
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return EncryptionKey{}, refuseOptions("encryption", err.Error())
	}
	kept := &encryptionSecret{id: id, bytes: bytes.Clone(secret), aead: aead}
	return EncryptionKey{func() *encryptionSecret { return kept }}, nil
}

// GenerateEncryptionKey returns a new random key. Keep what its Reveal returns,
// and the id. See [NewEncryptionKey] for the id.
func GenerateEncryptionKey(id string) (EncryptionKey, error) {
	secret := make([]byte, encryptionKeySize)
	rand.Read(secret) // never fails
	return NewEncryptionKey(id, secret)
}

// legalKeyID reports whether the id stands for itself in a JSON string.
func legalKeyID(id string) bool {
	if id == "" || len(id) > maxKeyID {
		return false
	}
	for i := range len(id) {
		if c := id[i]; c <= ' ' || c > '~' || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}

// ID returns the id. Of the zero EncryptionKey it is empty.
func (k EncryptionKey) ID() string {
	if k.secret == nil {
		return ""
	}
	return k.secret().id
}

// Reveal returns a copy of the 32 bytes, for keeping them in a safe place. Of
// the zero EncryptionKey it is nil.
func (k EncryptionKey) Reveal() []byte {
	if k.secret == nil {
		return nil
	}
	return bytes.Clone(k.secret().bytes)
}

// String returns a text that tells the id and not the key.
func (k EncryptionKey) String() string { return "EncryptionKey(" + k.ID() + ", hidden)" }

// Format writes [EncryptionKey.String], whatever the verb.
func (k EncryptionKey) Format(state fmt.State, _ rune) { fmt.Fprint(state, k.String()) }

// MarshalText returns [EncryptionKey.String], for encoding/json and log/slog.
func (k EncryptionKey) MarshalText() ([]byte, error) { return []byte(k.String()), nil }
