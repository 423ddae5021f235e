package servers

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
)

// The kinds of servers.
var (
	Redis = &Kind{
		Name:    "redis",
		program: "redis-server", environment: "REDIS_SERVER", arguments: redisArguments,
		image: "redis:7", port: "6379/tcp",
		url:     func(address string) string { return "redis://" + address + "/0" },
		version: redisVersion,
	}
	Valkey = &Kind{
		Name:    "valkey",
		program: "valkey-server", environment: "VALKEY_SERVER", arguments: redisArguments,
		image: "valkey/valkey:9", port: "6379/tcp",
		url:     func(address string) string { return "valkey://" + address + "/0" },
		version: redisVersion,
	}
	Memcached = &Kind{
		Name:    "memcached",
		program: "memcached", environment: "MEMCACHED", arguments: memcachedArguments,
		image: "memcached:1.6", port: "11211/tcp",
		url:     func(address string) string { return "memcached://" + address },
		version: memcachedVersion,
	}
)

// redisArguments keep what was written across restarts: the log of writes is
// on disk before a write is answered.
func redisArguments(port int, dir string) []string {
	return []string{
		"--bind", "127.0.0.1", "--port", strconv.Itoa(port), "--dir", dir,
		"--save", "", "--appendonly", "yes", "--appendfsync", "always",
	}
}

func memcachedArguments(port int, _ string) []string {
	return []string{"-u", "root", "-l", "127.0.0.1", "-p", strconv.Itoa(port)}
}

// dial opens a connection that ends with the context.
func dial(ctx context.Context, address string) (net.Conn, error) {
	connection, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	if deadline, ok := ctx.Deadline(); ok {
		err = connection.SetDeadline(deadline)
	}
	return connection, err
}

// redisVersion waits until the server has loaded its files. One that asks for
// a password is up too.
func redisVersion(ctx context.Context, address string) (string, error) {
	connection, err := dial(ctx, address)
	if err != nil {
		return "", err
	}
	defer connection.Close()
	reader := bufio.NewReader(connection)
	ask := func(command string) (string, error) {
		if _, err := fmt.Fprintf(connection, "%s\r\n", command); err != nil {
			return "", err
		}
		line, err := reader.ReadString('\n')
		return strings.TrimSpace(line), err
	}
	answer, err := ask("PING")
	switch {
	case err != nil:
		return "", err
	case strings.HasPrefix(answer, "-NOAUTH"):
		return "version behind a password", nil
	case answer != "+PONG":
		return "", fmt.Errorf("it answers %q", answer)
	}
	answer, err = ask("INFO server")
	if err != nil {
		return "", err
	}
	size, err := strconv.Atoi(strings.TrimPrefix(answer, "$"))
	if err != nil {
		return "", err
	}
	info := make([]byte, size)
	if _, err := io.ReadFull(reader, info); err != nil {
		return "", err
	}
	for _, name := range []string{"valkey", "redis"} { // Valkey says both
		if _, after, ok := strings.Cut(string(info), name+"_version:"); ok {
			version, _, _ := strings.Cut(after, "\r")
			return name + " " + version, nil
		}
	}
	return "", errors.New("it does not tell its version")
}

func memcachedVersion(ctx context.Context, address string) (string, error) {
	connection, err := dial(ctx, address)
	if err != nil {
		return "", err
	}
	defer connection.Close()
	if _, err := fmt.Fprint(connection, "version\r\n"); err != nil {
		return "", err
	}
	line, err := bufio.NewReader(connection).ReadString('\n')
	if err != nil {
		return "", err
	}
	version, ok := strings.CutPrefix(strings.TrimSpace(line), "VERSION ")
	if !ok {
		return "", fmt.Errorf("it answers %q", line)
	}
	return "memcached " + version, nil
}
