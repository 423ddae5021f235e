package keyring_test

import (
	"errors"
	"fmt"
	"iter"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	driver "github.com/99designs/keyring"

	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/keyring"
)

// inPasswordStore returns a config for a password store of its own, with a key
// that needs no passphrase. GnuPG's directory is that of the process.
func inPasswordStore(t testing.TB) *keyring.Config {
	t.Helper()
	for _, program := range []string{"pass", "gpg"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Attr("backend", "keyring: pass")
			servers.Missing(t, "pass", "no %s: %v", program, err)
		}
	}
	servers.Report(t, "keyring: pass", versionOf("gpg", "--version")+", pass", "programs")
	dir := filepath.Join(t.TempDir(), "store")
	user := strings.ToLower(strings.ReplaceAll(t.Name(), "/", "-")) + "@example.invalid"
	run(t, nil, "gpg", "--batch", "--quiet", "--pinentry-mode", "loopback", "--passphrase", "",
		"--quick-gen-key", user, "future-default", "default", "never")
	run(t, []string{"PASSWORD_STORE_DIR=" + dir}, "pass", "init", user)
	return &keyring.Config{Backends: []driver.BackendType{driver.PassBackend}, PassDir: dir}
}

// The whole suite takes pass a quarter of an hour: see slow_test.go. This is
// what is special to pass: names that become files, and every capability once.
func TestPass(t *testing.T) {
	t.Parallel()
	ctx, config := t.Context(), inPasswordStore(t)
	store := open(t, config)
	keys := []string{
		"plain", "Upper", "upper", "../x", "/etc/passwd", "a/b", ".git", "-c", "--help", "nul", "é", "🔑", "a\x00b", "a\nb", "*", "$(id)",
		"~kv1~", strings.Repeat("x", 300), strings.Repeat("x", 301), "k.gpg",
	}
	var items []core.Item
	for i, key := range keys {
		items = append(items, core.Item{Key: key, Value: fmt.Appendf(nil, `{"n":%d}`, i)})
	}
	if err := store.PutMany(ctx, "c::x", items); err != nil {
		t.Fatal(err)
	}
	entries, err := store.GetMany(ctx, "c::x", keys)
	if err != nil {
		t.Fatal(err)
	}
	for i, entry := range entries {
		if string(entry.Value) != string(items[i].Value) {
			t.Errorf("%q is %s, want %s", keys[i], entry.Value, items[i].Value)
		}
	}
	err = filepath.WalkDir(filepath.Dir(config.PassDir), func(path string, entry os.DirEntry, err error) error {
		inside := filepath.Dir(path) == filepath.Join(config.PassDir, keyring.DefaultService)
		if err == nil && !entry.IsDir() && !inside && entry.Name() != ".gpg-id" {
			t.Errorf("%s lies outside of the folder", path)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	if err := store.Put(ctx, "other", "short", []byte(`{}`), time.Millisecond); err != nil {
		t.Fatal(err)
	}
	if err := store.Put(ctx, "other", "stays", []byte(`{}`), time.Hour); err != nil {
		t.Fatal(err)
	}
	run(t, []string{"PASSWORD_STORE_DIR=" + config.PassDir}, "sh", "-c", "echo hunter2 | pass insert -e foreign::item")
	run(t, []string{"PASSWORD_STORE_DIR=" + config.PassDir}, "sh", "-c", "echo hunter2 | pass insert -e "+keyring.DefaultService+"/other::foreign")
	if got, err := listed(store.Keys(ctx, "c::x")); err != nil || !same(got, keys) {
		t.Errorf("Keys = %q, %v", got, err)
	}
	if got, err := listed(store.Keys(ctx, "other")); !errors.Is(err, core.ErrCorrupt) || !same(got, []string{"stays"}) {
		t.Errorf("Keys beside a foreign item = %q, %v", got, err)
	}
	if got, err := listed(store.Collections(ctx)); err != nil || !same(got, []string{"c::x", "other"}) {
		t.Errorf("Collections = %q, %v", got, err)
	}
	if n, err := store.Cull(ctx); n != 1 || err != nil {
		t.Errorf("Cull = %d, %v; want 1", n, err)
	}
	if n, err := store.DeleteMany(ctx, "c::x", []string{"plain", "../x", "missing"}); n != 2 || err != nil {
		t.Errorf("DeleteMany = %d, %v; want 2", n, err)
	}
	if existed, err := store.DestroyCollection(ctx, "c::x"); !existed || err != nil {
		t.Errorf("DestroyCollection = %v, %v", existed, err)
	}
	if err := store.Destroy(ctx); err != nil {
		t.Error(err)
	}
	left, err := store.Client().Keys()
	if err != nil || !same(left, []string{"other::foreign"}) {
		t.Errorf("Destroy has left %q, %v; want what others have put there", left, err)
	}
}

func listed(names iter.Seq2[string, error]) (all []string, err error) {
	for name, failed := range names {
		if err = errors.Join(err, failed); failed == nil {
			all = append(all, name)
		}
	}
	return all, err
}

func same(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

// run runs a program that must succeed.
func run(t testing.TB, environment []string, name string, arguments ...string) {
	t.Helper()
	command := exec.Command(name, arguments...)
	command.Env = append(os.Environ(), environment...)
	if text, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%s %q: %v\n%s", name, arguments, err, text)
	}
}

// endAgents ends what gpg has left running for a directory.
func endAgents(dir string) {
	command := exec.Command("gpgconf", "--homedir", dir, "--kill", "all")
	_ = command.Run()
}
