package wrappers_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/wrappers"
)

// printed returns the key in every way in which keys end up in logs.
func printed(t *testing.T, key any) string {
	t.Helper()
	var out bytes.Buffer
	type config struct {
		Exported any
		hidden   any
	}
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t"} {
		fmt.Fprintf(&out, format+"\n", key)
		fmt.Fprintf(&out, format+"\n", config{key, key})
		fmt.Fprintf(&out, format+"\n", &config{key, key})
	}
	text, err := json.Marshal(config{Exported: key})
	if err != nil {
		t.Error(err)
	}
	out.Write(text)
	slog.New(slog.NewTextHandler(&out, nil)).Info("text", "key", key, "config", config{key, key})
	slog.New(slog.NewJSONHandler(&out, nil)).Info("json", "key", key, "config", config{key, key})
	return out.String()
}

// checkHidden looks for the secret in the usual forms, and for the bytes as
// decimal numbers.
func checkHidden(t *testing.T, text string, secret []byte) {
	t.Helper()
	for _, form := range []string{
		string(secret), hex.EncodeToString(secret[:8]), strings.ToUpper(hex.EncodeToString(secret[:8])),
		base64.StdEncoding.EncodeToString(secret[:6]), base64.URLEncoding.EncodeToString(secret[:6]),
		strings.Trim(fmt.Sprintf("%d", secret[:4]), "[]"), strings.Trim(fmt.Sprintf("%#v", secret[:4]), "[]byte{}"),
	} {
		if strings.Contains(text, form) {
			t.Errorf("the key shows as %q in %s", form, text)
		}
	}
}

func TestFernetKeyHidden(t *testing.T) {
	key := wrappers.GenerateFernetKey()
	secret, err := base64.URLEncoding.DecodeString(key.Reveal())
	if err != nil {
		t.Fatal(err)
	}
	checkHidden(t, printed(t, key), secret)
	checkHidden(t, printed(t, &key), secret)
	checkHidden(t, printed(t, wrappers.FernetOptions{Keys: []wrappers.FernetKey{key}}), secret)
	checkHidden(t, printed(t, struct{ key wrappers.FernetKey }{key}), secret)
	checkHidden(t, printed(t, newFernet(t, newMemory(t), &wrappers.FernetOptions{Keys: []wrappers.FernetKey{key}})), secret)
}

func TestEncryptionKeyHidden(t *testing.T) {
	key := encryptionKeys(t, "a").Keys[0]
	secret := key.Reveal()
	checkHidden(t, printed(t, key), secret)
	checkHidden(t, printed(t, &key), secret)
	checkHidden(t, printed(t, wrappers.EncryptionOptions{Keys: []wrappers.EncryptionKey{key}}), secret)
	checkHidden(t, printed(t, struct{ key wrappers.EncryptionKey }{key}), secret)
	checkHidden(t, printed(t, newEncryption(t, newMemory(t), &wrappers.EncryptionOptions{Keys: []wrappers.EncryptionKey{key}})), secret)
	if got := fmt.Sprint(key); got != "EncryptionKey(a, hidden)" {
		t.Errorf("printed as %s", got)
	}
}

func TestParseFernetKey(t *testing.T) {
	const text = "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4="
	key, err := wrappers.ParseFernetKey(text)
	if err != nil || key.Reveal() != text {
		t.Errorf("read as another key, %v", err)
	}
	for _, wrong := range []string{
		"", text + "\n", " " + text, text[:20] + "\n" + text[20:], text[:43], "cw/0x689RpI+jtRR7oE8h/eQsKImvJapLeSbXpwF4e4=",
		text[:42] + "5=", "AAAA", strings.Repeat("A", 64),
	} {
		if _, err := wrappers.ParseFernetKey(wrong); !errors.Is(err, core.ErrInvalidOptions) || wrong != "" && strings.Contains(err.Error(), wrong) {
			t.Errorf("%q: %v, want core.ErrInvalidOptions without the text", wrong, err)
		}
	}
	one, other := wrappers.GenerateFernetKey(), wrappers.GenerateFernetKey()
	if (wrappers.FernetKey{}).Reveal() != "" || one.Reveal() == other.Reveal() {
		t.Error("the zero key is a key, or two are the same")
	}
}

func TestNewEncryptionKey(t *testing.T) {
	secret := bytes.Repeat([]byte{7}, 32)
	key, err := wrappers.NewEncryptionKey("arn:aws:kms:1/2024-06_~", secret)
	if err != nil {
		t.Fatal(err)
	}
	secret[0] = 0
	key.Reveal()[1] = 0
	if got := key.Reveal(); key.ID() != "arn:aws:kms:1/2024-06_~" || got[0] != 7 || got[1] != 7 {
		t.Error("the key shares its bytes with the caller")
	}
	for _, size := range []int{0, 16, 24, 31, 33, 64} {
		if _, err := wrappers.NewEncryptionKey("a", make([]byte, size)); !errors.Is(err, core.ErrInvalidOptions) {
			t.Errorf("%d bytes: %v, want core.ErrInvalidOptions", size, err)
		}
	}
	for _, id := range []string{"", "a b", `a"`, `a\`, "ä", "a\x7f", "a\n", strings.Repeat("a", 65)} {
		if _, err := wrappers.GenerateEncryptionKey(id); !errors.Is(err, core.ErrInvalidOptions) {
			t.Errorf("id %q: %v, want core.ErrInvalidOptions", id, err)
		}
	}
	if zero := (wrappers.EncryptionKey{}); zero.ID() != "" || zero.Reveal() != nil {
		t.Error("the zero key is a key")
	}
}
