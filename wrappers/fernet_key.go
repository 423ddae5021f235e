package wrappers

import (
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
)

const (
	fernetKeySize = 32

	// fernetRounds is what the Python model derives its keys with.
	fernetRounds = 1_200_000
)

// FernetKey is a key of a [Fernet] wrapper: 16 bytes that sign and 16 that
// encrypt. The zero FernetKey is none.
//
// It does not print: every verb of package fmt, encoding/json and log/slog
// show [FernetKey.String]. [FernetKey.Reveal] returns the key itself.
type FernetKey struct {
	// A function, since fmt looks into unexported fields without asking, for
	// a wrong verb even behind pointers. Nil for the zero key.
	secret func() *fernetSecret
}

type fernetSecret struct {
	bytes  [fernetKeySize]byte
	cipher *fernetCipher
}

func newFernetKey(secret []byte) FernetKey {
	bytes := [fernetKeySize]byte(secret)
	kept := &fernetSecret{bytes: bytes, cipher: newFernetCipher(bytes)}
	return FernetKey{func() *fernetSecret { return kept }}
}

// ParseFernetKey returns the key that is written as text: 32 bytes in URL-safe
// base64 with padding, as Fernet.generate_key of Python writes them. White
// space around it is refused, as is everything else.
func ParseFernetKey(text string) (FernetKey, error) {
	secret, ok := appendBase64(nil, urlBase64, []byte(text))
	if !ok || len(secret) != fernetKeySize {
		return FernetKey{}, refuseOptions("fernet", "a key is 32 bytes in URL-safe base64")
	}
	return newFernetKey(secret), nil
}

// GenerateFernetKey returns a new random key. Keep what its Reveal returns.
func GenerateFernetKey() FernetKey {
	var secret [fernetKeySize]byte
	rand.Read(secret[:]) // never fails
	return newFernetKey(secret[:])
}

// DeriveFernetKey returns the key that the Python model derives from the same
// source material and salt, with 1,200,000 rounds of PBKDF2-HMAC-SHA256: call
// it once per key, it takes a good part of a second. Neither may be blank;
// white space around them counts.
func DeriveFernetKey(sourceMaterial, salt string) (FernetKey, error) {
	if strings.TrimSpace(sourceMaterial) == "" {
		return FernetKey{}, refuseOptions("fernet", "the source material is blank")
	}
	if strings.TrimSpace(salt) == "" {
		return FernetKey{}, refuseOptions("fernet", "the salt is blank")
	}
	secret, err := pbkdf2.Key(sha256.New, sourceMaterial, []byte(salt), fernetRounds, fernetKeySize)
	if err != nil { // in FIPS mode, of a short salt
		return FernetKey{}, refuseOptions("fernet", err.Error())
	}
	return newFernetKey(secret), nil
}

// Reveal returns the key as [ParseFernetKey] reads it, for keeping it in a safe
// place. Of the zero FernetKey it is empty.
func (k FernetKey) Reveal() string {
	if k.secret == nil {
		return ""
	}
	return base64.URLEncoding.EncodeToString(k.secret().bytes[:])
}

// String returns a text that does not tell the key.
func (k FernetKey) String() string { return "FernetKey(hidden)" }

// Format writes [FernetKey.String], whatever the verb.
func (k FernetKey) Format(state fmt.State, _ rune) { fmt.Fprint(state, k.String()) }

// MarshalText returns [FernetKey.String], for encoding/json and log/slog.
func (k FernetKey) MarshalText() ([]byte, error) { return []byte(k.String()), nil }
