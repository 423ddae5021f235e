package servers

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/wait"
)

// containers are those that Main ends.
var containers struct {
	sync.Mutex
	all []testcontainers.Container
}

// Main runs the tests of a package and ends the containers that they started.
func Main(m *testing.M) {
	status := m.Run()
	containers.Lock()
	defer containers.Unlock()
	for _, container := range containers.all {
		if err := testcontainers.TerminateContainer(container); err != nil {
			fmt.Fprintln(os.Stderr, "ending a container:", err)
			status = max(status, 1)
		}
	}
	os.Exit(status)
}

// container starts a container and returns the address of its server.
func (k *Kind) container(ctx context.Context) (address string, err error) {
	if k.imageName() == "" {
		return "", fmt.Errorf("there is no image for %s", k.Name)
	}
	defer func() {
		if problem := recover(); problem != nil { // what it does where there is no Docker
			err = fmt.Errorf("%v", problem)
		}
	}()
	// The host is the loopback interface, whatever the library finds out about
	// the network that it is in: a test must dial no other machine.
	if err := os.Setenv("TESTCONTAINERS_HOST_OVERRIDE", "127.0.0.1"); err != nil {
		return "", err
	}
	container, err := testcontainers.GenericContainer(ctx, testcontainers.GenericContainerRequest{
		ContainerRequest: testcontainers.ContainerRequest{
			Image:        k.imageName(),
			ExposedPorts: []string{k.port},
			Env:          k.variables,
			WaitingFor:   wait.ForListeningPort(k.port).WithStartupTimeout(k.patience()).WithPollInterval(20 * time.Millisecond),
		},
		Started: true,
	})
	if container != nil {
		containers.Lock()
		containers.all = append(containers.all, container)
		containers.Unlock()
	}
	if err != nil {
		return "", err
	}
	return container.PortEndpoint(ctx, k.port, "")
}

// imageName returns the image of this kind: the environment may ask for another
// version, with KEYVALUE_TEST_REDIS_IMAGE for example.
func (k *Kind) imageName() string {
	return cmp.Or(os.Getenv("KEYVALUE_TEST_"+strings.ToUpper(k.Name)+"_IMAGE"), k.image)
}
