package keyring_test

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
)

// environmentRole says what a process of this test binary is. The driver looks
// for the session bus when its package is initialized, before any test, and a
// process inherits its keyring from the kernel: so the tests run in a child,
// which finds a desktop of its own, and each process that a test needs with
// another desktop is one more child.
const environmentRole = "KEYVALUE_KEYRING_ROLE"

const (
	roleTests  = "tests"
	roleClient = "client"
)

// environmentProblem tells the tests why there is no desktop.
const environmentProblem = "KEYVALUE_KEYRING_PROBLEM"

func TestMain(m *testing.M) {
	switch os.Getenv(environmentRole) {
	case roleTests:
		flag.Parse()
		quickFiles()
		servers.Main(m)
	case roleClient:
		serveClient()
	default:
		os.Exit(runTests())
	}
}

// runTests runs this program again, in a desktop, and returns its exit code.
func runTests() int {
	dir, err := os.MkdirTemp("/dev/shm", "keyring") // in memory, where that is possible
	if err != nil {
		dir, err = os.MkdirTemp("", "keyring")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	command := exec.Command(os.Args[0], os.Args[1:]...)
	command.Stdin, command.Stdout, command.Stderr = os.Stdin, os.Stdout, os.Stderr
	command.Env = append(os.Environ(), environmentRole+"="+roleTests)
	gnupg := filepath.Join(dir, "gnupg")
	if err := os.Mkdir(gnupg, 0o700); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	command.Env = append(command.Env, "GNUPGHOME="+gnupg)
	defer endAgents(gnupg)
	d, err := startDesktop(dir)
	if err == nil {
		defer d.stop()
		command.Env = append(command.Env, d.environment...)
	} else {
		command.Env = append(command.Env, environmentProblem+"="+err.Error())
	}
	if err := inOwnSession(command.Start); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt, syscall.SIGTERM)
	go func() {
		for s := range stop {
			_ = command.Process.Signal(s)
		}
	}()
	_ = command.Wait()
	return command.ProcessState.ExitCode()
}
