package keyring_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
)

// desktop is a session bus and a keyring daemon with one unlocked keyring,
// whose files are in a directory of its own.
type desktop struct {
	dir         string
	environment []string
	bus, daemon *exec.Cmd
}

// desktopPassword unlocks the keyring.
const desktopPassword = "throw-away"

// startDesktop starts both programs.
func startDesktop(dir string) (*desktop, error) {
	d := &desktop{dir: dir}
	for _, name := range []string{"run", "home", "data/keyrings"} {
		if err := os.MkdirAll(filepath.Join(dir, name), 0o700); err != nil {
			return nil, err
		}
	}
	d.environment = []string{
		"HOME=" + filepath.Join(dir, "home"), "XDG_RUNTIME_DIR=" + filepath.Join(dir, "run"),
		"XDG_DATA_HOME=" + filepath.Join(dir, "data"), "DISABLE_KWALLET=1",
	}
	if err := d.startBus(); err != nil {
		d.stop()
		return nil, err
	}
	if err := d.startDaemon(desktopPassword); err != nil {
		d.stop()
		return nil, err
	}
	return d, nil
}

func (d *desktop) command(name string, arguments ...string) *exec.Cmd {
	command := exec.Command(name, arguments...)
	command.Env = append(os.Environ(), d.environment...)
	return command
}

// startBus starts the bus, without the services that it would start by itself:
// the tests decide when there is a keyring.
func (d *desktop) startBus() error {
	config := filepath.Join(d.dir, "bus.conf")
	text := fmt.Sprintf(`<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=%s</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
  <limit name="max_incoming_bytes">1000000000</limit>
  <limit name="max_outgoing_bytes">1000000000</limit>
  <limit name="max_message_size">1000000000</limit>
</busconfig>`, filepath.Join(d.dir, "bus"))
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		return err
	}
	d.bus = d.command("dbus-daemon", "--config-file="+config, "--nofork", "--nopidfile", "--print-address")
	output, err := d.bus.StdoutPipe()
	if err != nil {
		return err
	}
	if err := d.bus.Start(); err != nil {
		d.bus = nil
		return err
	}
	address, err := bufio.NewReader(output).ReadString('\n')
	if err != nil {
		return fmt.Errorf("dbus-daemon tells no address: %w", err)
	}
	d.environment = append(d.environment, "DBUS_SESSION_BUS_ADDRESS="+strings.TrimSpace(address))
	return nil
}

// startDaemon starts the keyring. With another password than the first, it is
// locked.
func (d *desktop) startDaemon(password string) error {
	d.daemon = d.command("gnome-keyring-daemon", "--unlock", "--components=secrets", "--foreground")
	d.daemon.Stdin = strings.NewReader(password)
	log, err := os.Create(filepath.Join(d.dir, "daemon.log"))
	if err != nil {
		return err
	}
	defer log.Close()
	d.daemon.Stdout, d.daemon.Stderr = log, log
	if err := d.daemon.Start(); err != nil {
		d.daemon = nil
		return err
	}
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		// Answered only once the service is there; never started by the bus.
		if d.ask("org.freedesktop.secrets", "/org/freedesktop/secrets", "org.freedesktop.DBus.Properties.Get",
			"string:org.freedesktop.Secret.Service", "string:Collections") == nil {
			return nil
		}
	}
	return errors.New("gnome-keyring-daemon does not answer")
}

// ask calls a method over the bus.
func (d *desktop) ask(service, path, method string, arguments ...string) error {
	words := append([]string{"--session", "--print-reply", "--dest=" + service, path, method}, arguments...)
	command := d.command("dbus-send", words...)
	command.Stdout = io.Discard
	return command.Run()
}

func end(command *exec.Cmd) {
	if command != nil && command.Process != nil && command.ProcessState == nil {
		_ = command.Process.Kill()
		_ = command.Wait()
	}
}

func (d *desktop) stop() {
	end(d.daemon)
	end(d.bus)
}

// needDesktop skips, or fails, a test that needs a Secret Service, where the
// process runs in none, and notes it for the report.
func needDesktop(t testing.TB) {
	t.Helper()
	if problem := os.Getenv(environmentProblem); problem != "" {
		t.Attr("backend", "keyring: secret-service")
		servers.Missing(t, "secretservice", "no Secret Service: %s", problem)
	}
	servers.Report(t, "keyring: secret-service", versionOf("gnome-keyring-daemon", "--version"), "gnome-keyring-daemon")
}

// versionOf returns the first line of what a program says of its version.
func versionOf(name string, arguments ...string) string {
	text, err := exec.Command(name, arguments...).CombinedOutput()
	if err != nil {
		return name
	}
	line, _, _ := strings.Cut(string(text), "\n")
	return strings.TrimSpace(line)
}
