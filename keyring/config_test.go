package keyring

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/99designs/keyring"

	"github.com/go-keyvalue/keyvalue/core"
)

const fileURL = "keyring://file?dir=/secrets&password_env=X"

func TestParse(t *testing.T) {
	for text, want := range map[string]Config{
		"keyring://":                              {},
		"keyring:///?service=app":                 {Service: "app"},
		"keyring://secret-service?collection=x":   {Backends: one(keyring.SecretServiceBackend), SecretServiceCollection: "x"},
		"keyring://kwallet?wallet=w&service=app":  {Backends: one(keyring.KWalletBackend), KWallet: "w", Service: "app"},
		"keyring://keychain?name=n":               {Backends: one(keyring.KeychainBackend), KeychainName: "n"},
		"keyring://wincred":                       {Backends: one(keyring.WinCredBackend)},
		"keyring://keyctl?scope=session":          {Backends: one(keyring.KeyCtlBackend), KeyctlScope: "session"},
		"keyring://pass?dir=~/.x&command=gopass":  {Backends: one(keyring.PassBackend), PassDir: "~/.x", PassCommand: "gopass"},
		fileURL:                                   {Backends: one(keyring.FileBackend), FileDir: "/secrets"},
		"keyring://file?dir=d&password_file=/x/y": {Backends: one(keyring.FileBackend), FileDir: "d"},
	} {
		got, err := parse(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if isFile := len(want.Backends) > 0 && want.Backends[0] == keyring.FileBackend; isFile != (got.FilePassword != nil) {
			t.Errorf("%s: has a password: %v", text, !isFile)
		}
		got.FilePassword = nil
		if len(got.Backends) != len(want.Backends) || len(want.Backends) > 0 && got.Backends[0] != want.Backends[0] {
			t.Errorf("%s: opens %q", text, got.Backends)
		}
		if got.Service != want.Service || got.SecretServiceCollection != want.SecretServiceCollection || got.KWallet != want.KWallet ||
			got.KeychainName != want.KeychainName || got.KeyctlScope != want.KeyctlScope || got.PassDir != want.PassDir ||
			got.PassCommand != want.PassCommand || got.FileDir != want.FileDir {
			t.Errorf("%s: is %+v", text, got)
		}
	}
}

func one(backend keyring.BackendType) []keyring.BackendType { return []keyring.BackendType{backend} }

func TestOpenRefuses(t *testing.T) {
	for _, text := range []string{
		"", "keyring", "redis://", "keyring:pass", "keyring://floppy", "keyring://pass/path", "keyring://user:canary@pass",
		"keyring://file", "keyring://file?dir=d", "keyring://file?dir=d&password=canary", "keyring://file?password_env=X",
		fileURL + "&password_file=y", "keyring://pass?dir=a&dir=b", "keyring://pass?dir=", "keyring://pass?canary=1",
		"keyring://wincred?dir=x", "keyring://?service=../canary", "keyring://?service=-x", "keyring://?service=" + strings.Repeat("x", 65),
		"keyring://keyctl?scope=canary", "keyring://?%zz", "keyring://pass#canary", "keyring://%zz",
	} {
		store, err := Open(t.Context(), text)
		if store != nil || !errors.Is(err, core.ErrInvalidOptions) || strings.Contains(err.Error(), "canary") {
			t.Errorf("Open(%q) = %v, %v; want ErrInvalidOptions without a canary", text, store, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(fileURL)
	f.Add("keyring://pass?dir=%7e&service=x")
	f.Fuzz(func(t *testing.T, text string) {
		if config, err := parse(text); (config == nil) != (err != nil) || err != nil && !errors.Is(err, core.ErrInvalidOptions) {
			t.Errorf("parse(%q) = %v, %v", text, config, err)
		}
	})
}

// Nothing is opened that was not named, and what was tried is told.
func TestNothingAvailable(t *testing.T) {
	_, err := OpenConfig(t.Context(), &Config{Backends: one(keyring.PassBackend), PassCommand: "no-such-program"})
	if !errors.Is(err, keyring.ErrNoAvailImpl) || !strings.Contains(err.Error(), "pass") {
		t.Errorf("OpenConfig = %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := OpenConfig(ctx, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("OpenConfig with a context that is done = %v", err)
	}
}

func TestPasswords(t *testing.T) {
	path := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(path, []byte(" two words \r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if password, err := PasswordFromFile(path)(""); password != " two words " || err != nil {
		t.Errorf("from a file: %q, %v", password, err)
	}
	if _, err := PasswordFromFile(path + "x")(""); err == nil {
		t.Error("from no file: nil")
	}
	t.Setenv("KEYVALUE_KEYRING_TEST", "secret")
	if password, err := PasswordFromEnvironment("KEYVALUE_KEYRING_TEST")(""); password != "secret" || err != nil {
		t.Errorf("from the environment: %q, %v", password, err)
	}
}
