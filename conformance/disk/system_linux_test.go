package disk_test

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

// fullDisk returns a directory with room for four megabytes, if this process
// may mount one.
func fullDisk(t *testing.T) (directory string, mounted bool) {
	t.Helper()
	directory = t.TempDir()
	err := syscall.Mount("tmpfs", directory, "tmpfs", 0, "size=4m")
	if errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.EACCES) {
		t.Logf("no small disk: %v", err)
		return "", false
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(directory, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return directory, true
}

// startUnprivileged starts a child as another user than root, for whom no
// permission is denied.
func startUnprivileged(t *testing.T, task, directory string) *exec.Cmd {
	t.Helper()
	program := copyProgram(t)
	command := exec.Command(program)
	command.Env = append(os.Environ(), taskVariable+"="+task, directoryVariable+"="+directory)
	command.Stderr = os.Stderr
	command.Dir = "/"
	if os.Geteuid() == 0 {
		command.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
		for dir := directory; dir != "/" && dir != os.TempDir(); dir = filepath.Dir(dir) {
			if info, err := os.Stat(dir); err != nil || info.Mode()&0o005 == 0o005 {
				continue
			}
			if err := os.Chmod(dir, 0o755); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	return command
}

// copyProgram copies this program to where everybody can read it.
func copyProgram(t *testing.T) string {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.Open(program)
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	target, err := os.CreateTemp("", "disk-*.test")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Remove(target.Name()) })
	if _, err := io.Copy(target, source); err != nil {
		t.Fatal(err)
	}
	if err := target.Chmod(0o755); err != nil {
		t.Fatal(err)
	}
	if err := target.Close(); err != nil {
		t.Fatal(err)
	}
	return target.Name()
}
