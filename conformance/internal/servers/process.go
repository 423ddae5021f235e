package servers

import (
	"context"
	"errors"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// Process is a server that one test has started for itself. It ends with the
// test.
type Process struct {
	Address string // host and port
	Version string // name and version of the server
	Dir     string // where it keeps its files

	t         testing.TB
	kind      *Kind
	path      string
	arguments []string
	command   *exec.Cmd
	exited    chan struct{}
}

// Start starts a server of this kind for the test alone, on a free port, with
// further arguments behind its usual ones, and waits until it answers.
func (k *Kind) Start(t testing.TB, arguments ...string) *Process {
	t.Helper()
	return k.StartAt(t, FreePort(t), arguments...)
}

// StartAt is Start on a given port of the loopback interface.
func (k *Kind) StartAt(t testing.TB, port int, arguments ...string) *Process {
	t.Helper()
	path := k.Program(t)
	dir := t.TempDir()
	p := &Process{
		Address: net.JoinHostPort("127.0.0.1", strconv.Itoa(port)), Dir: dir,
		t: t, kind: k, path: path, arguments: append(k.arguments(port, dir), arguments...),
	}
	t.Cleanup(p.end)
	p.Restart()
	Report(t, k.Name, p.Version, "started by the test")
	return p
}

// Program returns the path of the server's program, or ends the test.
func (k *Kind) Program(t testing.TB) string {
	t.Helper()
	variable := "KEYVALUE_TEST_" + k.environment
	path, err := exec.LookPath(os.Getenv(variable))
	if err != nil {
		path, err = exec.LookPath(k.program)
	}
	if err != nil {
		t.Attr("backend", k.Name)
		Missing(t, k.Name, "%s is not set, and %s is not on the PATH", variable, k.program)
	}
	return path
}

// FreePort returns a port of the loopback interface that nobody uses. Another
// may take it before the caller does, which is unlikely.
//
// It is below those that systems choose for connections that go out: a server
// that is down could find its port taken by one, even by a client which has
// tried to reach that very server and so has reached itself.
func FreePort(t testing.TB) int {
	t.Helper()
	for range 100 {
		port := 10_000 + rand.IntN(20_000)
		listener, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
		if err == nil {
			listener.Close()
			return port
		}
	}
	t.Fatal("no free port")
	return 0
}

// URL returns the URL of the server.
func (p *Process) URL() string { return p.kind.url(p.Address) }

// Restart starts the server again after Kill or Stop, on the same port and with
// the same files, and waits until it answers.
func (p *Process) Restart() {
	p.t.Helper()
	if p.running() {
		p.t.Fatal("the server runs already")
	}
	output, err := os.OpenFile(filepath.Join(p.Dir, "output"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		p.t.Fatal(err)
	}
	defer output.Close()
	command := exec.Command(p.path, p.arguments...)
	command.Dir, command.Stdout, command.Stderr = p.Dir, output, output
	if p.kind.family {
		startFamily(command)
	}
	if err := command.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.command, p.exited = command, make(chan struct{})
	go func(exited chan struct{}) {
		defer close(exited)
		_ = command.Wait()
	}(p.exited)
	p.wait()
}

// wait waits until the server answers.
func (p *Process) wait() {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), p.kind.patience())
	defer cancel()
	go func(exited chan struct{}) {
		select {
		case <-exited:
			cancel()
		case <-ctx.Done():
		}
	}(p.exited)
	version, err := p.kind.waitFor(ctx, p.Address)
	if err != nil {
		text, _ := os.ReadFile(filepath.Join(p.Dir, "output"))
		p.t.Fatalf("%s %q: %v\n%s", p.path, p.arguments, err, text)
	}
	p.Version = version
}

func (p *Process) running() bool {
	if p.command == nil {
		return false
	}
	select {
	case <-p.exited:
		return false
	default:
		return true
	}
}

// Kill ends the server at once, as a crash would.
func (p *Process) Kill() { p.signal(syscall.SIGKILL) }

// Stop asks the server to end, and waits until it has.
func (p *Process) Stop() { p.signal(syscall.SIGTERM) }

func (p *Process) signal(signal os.Signal) {
	p.t.Helper()
	if !p.running() {
		return
	}
	if err := p.send(signal); err != nil && !errors.Is(err, os.ErrProcessDone) {
		p.t.Fatal(err)
	}
	select {
	case <-p.exited:
	case <-time.After(patience):
		p.t.Fatalf("the server does not end on %v", signal)
	}
}

// send sends a signal to the process, and to those that it has started where
// the server is more than one.
func (p *Process) send(signal os.Signal) error {
	if p.kind.family {
		return signalFamily(p.command.Process.Pid, signal)
	}
	return p.command.Process.Signal(signal)
}

// end is Kill for the end of a test. A paused process dies of it too.
func (p *Process) end() {
	if p.running() {
		_ = p.send(syscall.SIGKILL)
		<-p.exited
	}
}
