package disk_test

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"strconv"
	"testing"

	"github.com/go-keyvalue/keyvalue/disk"
)

// The environment of a child: what to do, and in which directory.
const (
	taskVariable      = "KEYVALUE_TEST_DISK_TASK"
	directoryVariable = "KEYVALUE_TEST_DISK_DIRECTORY"
	sizeVariable      = "KEYVALUE_TEST_DISK_SIZE"
)

// tasks are what a child process may have to do.
var tasks = map[string]func(store *disk.Store) error{}

// TestMain runs a task instead of tests in a child.
func TestMain(m *testing.M) {
	task := tasks[os.Getenv(taskVariable)]
	if task == nil {
		os.Exit(m.Run())
	}
	size, _ := strconv.ParseInt(os.Getenv(sizeVariable), 10, 64)
	store, err := disk.New(os.Getenv(directoryVariable), &disk.Options{Sync: os.Getenv("KEYVALUE_TEST_DISK_SYNC") != "", MaxSize: size})
	if err == nil {
		err = task(store)
	}
	if err != nil {
		io.WriteString(os.Stderr, err.Error()+"\n")
		os.Exit(1)
	}
	os.Exit(0)
}

// child is a process of this program that does a task.
type child struct {
	*exec.Cmd
	lines *bufio.Scanner // of its standard output
}

func startChild(t *testing.T, task, directory string, environment ...string) *child {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	command := exec.Command(program)
	command.Env = append(append(os.Environ(), taskVariable+"="+task, directoryVariable+"="+directory), environment...)
	command.Stderr = os.Stderr
	output, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	c := &child{command, bufio.NewScanner(output)}
	t.Cleanup(func() {
		if c.ProcessState == nil {
			_ = c.Process.Kill()
			_ = c.Wait()
		}
	})
	return c
}
