//go:build unix

package keyring_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	driver "github.com/99designs/keyring"
)

// What another user may not read is an error, be it a file or the directory.
func TestFileOfAnotherUser(t *testing.T) {
	t.Parallel()
	if os.Getuid() != 0 {
		// Permissions hold for this user, and no other is needed.
		testUnreadable(t, nil)
		return
	}
	testUnreadable(t, func(command *exec.Cmd) {
		command.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534, NoSetGroups: true}}
	})
}

func testUnreadable(t *testing.T, change func(*exec.Cmd)) {
	// The programs and directories that lead here may be closed to others.
	root, err := os.MkdirTemp("", "keyring")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(root) })
	if err := os.Chmod(root, 0o755); err != nil {
		t.Fatal(err)
	}
	program, err := os.ReadFile(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(root, "program")
	if err := os.WriteFile(path, program, 0o755); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(root, "items")
	store := open(t, inFiles(dir))
	if err := store.Put(t.Context(), "c", "k", []byte(`{"a":1}`), 0); err != nil {
		t.Fatal(err)
	}
	item := filepath.Join(dir, store.ItemName("c", "k"))
	for _, c := range []struct {
		name      string
		dir, file os.FileMode
		ops       []string
	}{
		{"file", 0o755, 0o000, []string{"get", "keys", "cull", "delete"}},
		{"directory that cannot be listed", 0o311, 0o644, []string{"keys", "cull", "ping"}},
		{"directory that cannot be entered", 0o600, 0o644, []string{"get", "keys", "put", "delete", "cull"}},
		{"directory that cannot be written", 0o555, 0o644, []string{"put", "delete"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if err := os.Chmod(item, c.file); err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(dir, c.dir); err != nil {
				t.Fatal(err)
			}
			defer os.Chmod(dir, 0o755)
			process := startClient(t, []string{"CLIENT_BACKEND=" + string(driver.FileBackend), "CLIENT_DIR=" + dir},
				func(command *exec.Cmd) {
					command.Path, command.Dir = path, root
					if change != nil {
						change(command)
					}
				})
			process.wantFailures(30*time.Second, c.name, c.ops...)
		})
	}
}
