package servers

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"
)

// Kind is a kind of server.
type Kind struct {
	// Name is what KEYVALUE_TEST_REQUIRE calls it, in lower case.
	Name string

	// program is the name of the executable on the PATH. environment, behind
	// KEYVALUE_TEST_, is the variable that has its path instead.
	program, environment string

	// family says that the program starts the server as another process, so
	// that signals go to both.
	family bool

	// arguments start the program on that port of the loopback interface, with
	// its files in the directory.
	arguments func(port int, dir string) []string

	// image and port are those of the container, variables its environment.
	image, port string
	variables   map[string]string

	// url returns the URL for an address.
	url func(address string) string

	// slow says that the server takes minutes to come up on a busy machine.
	slow bool

	// version asks the server at the address, which may not be up yet, for
	// its name and version.
	version func(ctx context.Context, address string) (string, error)

	once   sync.Once
	shared shared
}

// shared is a server that all tests of the process use.
type shared struct {
	url, version, origin string
	err                  error
}

// patience is how long a server may take to come up.
const patience = 60 * time.Second

func (k *Kind) patience() time.Duration {
	if k.slow {
		return 4 * patience
	}
	return patience
}

// URL returns the URL of a server which all tests of the process share, and
// that other processes may use too. It notes the server for the report.
func (k *Kind) URL(t testing.TB) string {
	t.Helper()
	k.once.Do(func() { k.shared = k.find() })
	if k.shared.err != nil {
		t.Attr("backend", k.Name)
		Missing(t, k.Name, "no %s: %v", k.Name, k.shared.err)
	}
	Report(t, k.Name, k.shared.version, k.shared.origin)
	return k.shared.url
}

// variable returns the name of the environment variable with the URL.
func (k *Kind) variable() string { return "KEYVALUE_TEST_" + strings.ToUpper(k.Name) + "_URL" }

func (k *Kind) find() shared {
	ctx, cancel := context.WithTimeout(context.Background(), k.patience())
	defer cancel()
	if url := os.Getenv(k.variable()); url != "" {
		version, err := k.waitFor(ctx, firstAddress(url))
		return shared{url: url, version: version, origin: k.variable(), err: err}
	}
	address, err := k.container(ctx)
	if err != nil {
		return shared{err: fmt.Errorf("%s is not set, and there is no container: %w", k.variable(), err)}
	}
	version, err := k.waitFor(ctx, address)
	return shared{url: k.url(address), version: version, origin: "container " + k.imageName(), err: err}
}

// firstAddress returns the host and port of a URL, the first where there are
// several.
func firstAddress(url string) string {
	_, address, _ := strings.Cut(url, "://")
	if _, after, ok := strings.Cut(address, "@"); ok {
		address = after
	}
	address, _, _ = strings.Cut(address, "/")
	address, _, _ = strings.Cut(address, ",")
	return address
}

// waitFor waits until the server answers, and returns its version.
func (k *Kind) waitFor(ctx context.Context, address string) (string, error) {
	for {
		attempt, cancel := context.WithTimeout(ctx, 5*time.Second)
		version, err := k.version(attempt, address)
		cancel()
		if err == nil {
			return version, nil
		}
		select {
		case <-ctx.Done():
			return "", fmt.Errorf("%s does not answer: %w", address, err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// Report notes for the report of the run which server a test used, and where
// that came from. The command report of internal/tools makes a table of it.
func Report(t testing.TB, backend, server, origin string) {
	t.Attr("backend", backend)
	t.Attr("server", server)
	t.Attr("origin", origin)
}
