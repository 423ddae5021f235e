package wrappers

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"os"
	"testing"
	"time"
)

// fernetSpec is a case of the vectors of the Fernet specification.
type fernetSpec struct {
	Desc, Token, Src, Secret string
	Now                      time.Time
	IV                       []int
}

func fernetSpecs(t testing.TB, file string) (specs []fernetSpec) {
	t.Helper()
	text, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &specs); err != nil || len(specs) == 0 {
		t.Fatalf("%d cases, %v", len(specs), err)
	}
	return specs
}

// openFernet opens a token as it is written.
func openFernet(t testing.TB, secret, token string) (string, bool) {
	t.Helper()
	key, err := ParseFernetKey(secret)
	if err != nil {
		t.Fatal(err)
	}
	raw, ok := appendBase64(nil, urlBase64, []byte(token))
	if !ok {
		return "", false
	}
	plaintext, ok := key.secret().cipher.open(raw)
	return string(plaintext), ok
}

func TestFernetGenerate(t *testing.T) {
	for _, spec := range fernetSpecs(t, "fernet_generate.json") {
		key, err := ParseFernetKey(spec.Secret)
		if err != nil {
			t.Fatal(err)
		}
		header := binary.BigEndian.AppendUint64([]byte{fernetVersion}, uint64(spec.Now.Unix()))
		for _, b := range spec.IV {
			header = append(header, byte(b))
		}
		token := key.secret().cipher.complete(header, 0, []byte(spec.Src))
		if got := urlBase64.EncodeToString(token); got != spec.Token {
			t.Errorf("got %s, want %s", got, spec.Token)
		}
	}
}

func TestFernetVerify(t *testing.T) {
	for _, spec := range fernetSpecs(t, "fernet_verify.json") {
		if got, ok := openFernet(t, spec.Secret, spec.Token); !ok || got != spec.Src {
			t.Errorf("got %q, %v, want %q", got, ok, spec.Src)
		}
	}
}

func TestFernetInvalid(t *testing.T) {
	// What is wrong with these is the time, which does not matter here.
	timely := map[string]bool{"far-future TS (unacceptable clock skew)": true, "expired TTL": true}
	for _, spec := range fernetSpecs(t, "fernet_invalid.json") {
		if got, ok := openFernet(t, spec.Secret, spec.Token); ok != timely[spec.Desc] {
			t.Errorf("%s: got %q, %v", spec.Desc, got, ok)
		}
	}
}

// Tokens of every length within two blocks come back, and say when and as
// what they were made.
func TestFernetToken(t *testing.T) {
	tokens := GenerateFernetKey().secret().cipher
	for size := range 33 {
		plaintext := bytes.Repeat([]byte{'x'}, size)
		token := tokens.seal([]byte("before"), time.Unix(1735689600, 0), plaintext)
		before, token := token[:6], token[6:]
		if string(before) != "before" || len(token) != fernetTokenSize(size) || binary.BigEndian.Uint64(token[1:]) != 1735689600 {
			t.Fatalf("size %d: token of %d bytes after %q", size, len(token), before)
		}
		again := tokens.seal(nil, time.Unix(1735689600, 0), plaintext)
		if bytes.Equal(token[9:25], again[9:25]) {
			t.Fatal("two tokens have one initial vector")
		}
		if got, ok := tokens.open(token); !ok || !bytes.Equal(got, plaintext) {
			t.Errorf("size %d: got %q, %v", size, got, ok)
		}
	}
}

func FuzzFernetToken(f *testing.F) {
	for _, file := range []string{"fernet_verify.json", "fernet_invalid.json"} {
		for _, spec := range fernetSpecs(f, file) {
			f.Add(spec.Token)
		}
	}
	const secret = "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4="
	f.Fuzz(func(t *testing.T, token string) {
		plaintext, ok := openFernet(t, secret, token)
		if !ok {
			return
		}
		raw, _ := appendBase64(nil, urlBase64, []byte(token))
		key, _ := ParseFernetKey(secret)
		if again := key.secret().cipher.complete(raw[:fernetHeaderSize:fernetHeaderSize], 0, []byte(plaintext)); urlBase64.EncodeToString(again) != token {
			t.Errorf("%q opens, and is not what its plaintext makes", token)
		}
	})
}
