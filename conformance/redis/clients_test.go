package redis_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"

	goredis "github.com/redis/go-redis/v9"

	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/redis"
)

// started returns options for a client of a server that is this test's alone.
func started(t *testing.T, arguments ...string) *goredis.Options {
	t.Helper()
	return &goredis.Options{Addr: servers.Redis.Start(t, append(arguments, "--appendonly", "no")...).Address}
}

// The clients below differ in how they decode, route and wait. Whatever they
// are like, a store over them keeps the rules.

// An old protocol, no eye for deadlines, and a user who may do no more than what
// the store needs.
func TestModestClient(t *testing.T) {
	t.Parallel()
	o := started(t)
	permit(t, o, "+get", "+set", "+getdel", "+getex", "+scan", "+pttl", "+eval", "+ping", "+del", // for the scripts
		"+watch", "+unwatch", "+multi", "+exec", "+type") // for what is not a string
	o.Protocol = 2
	suite(t, goredis.NewClient(o), nil)
}

// A user who may not run scripts, hooks that wrap errors, and listings that
// read.
func TestSuspiciousClient(t *testing.T) {
	t.Parallel()
	o := started(t)
	permit(t, o, "+@all", "-@scripting")
	o.ContextTimeoutEnabled = true
	client := goredis.NewClient(o)
	client.AddHook(wrapping{})
	suite(t, client, &redis.Options{VerifyListing: true})
}

// A client that returns before a command was sent.
func TestClientWithAsynchronousPipeline(t *testing.T) {
	t.Parallel()
	client := goredis.NewClient(started(t))
	t.Cleanup(func() { client.Close() })
	pipeline, err := client.AsyncAutoPipeline()
	if err != nil {
		t.Fatal(err)
	}
	suite(t, pipeline, nil)
}

// Two servers that know nothing of each other.
func TestClientOfRing(t *testing.T) {
	t.Parallel()
	suite(t, goredis.NewRing(&goredis.RingOptions{Addrs: map[string]string{
		"one": started(t).Addr, "two": started(t).Addr,
	}}), nil)
}

// wrapping is a hook that wraps the errors that it sees.
type wrapping struct{}

func (wrapping) DialHook(next goredis.DialHook) goredis.DialHook {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		return next(ctx, network, address)
	}
}

func (wrapping) ProcessHook(next goredis.ProcessHook) goredis.ProcessHook {
	return func(ctx context.Context, cmd goredis.Cmder) error {
		_ = cmd.String()
		if err := next(ctx, cmd); err != nil {
			return fmt.Errorf("hooked: %w", err)
		}
		return nil
	}
}

func (wrapping) ProcessPipelineHook(next goredis.ProcessPipelineHook) goredis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []goredis.Cmder) error {
		err := next(ctx, cmds)
		for _, cmd := range cmds {
			_ = cmd.FullName()
			if cmd.Err() != nil {
				cmd.SetErr(fmt.Errorf("hooked: %w", cmd.Err()))
			}
		}
		if err != nil {
			return fmt.Errorf("hooked: %w", err)
		}
		return nil
	}
}

// permit makes a user with these permissions, whose the options become.
func permit(t *testing.T, o *goredis.Options, permissions ...string) {
	t.Helper()
	client := goredis.NewClient(o)
	defer client.Close()
	rules := append([]string{"reset", "on", ">secret", "~*"}, permissions...)
	if err := client.ACLSetUser(t.Context(), "ada", rules...).Err(); err != nil {
		t.Fatalf("%s: %v", strings.Join(rules, " "), err)
	}
	o.Username, o.Password = "ada", "secret"
}

// A client that was closed, or has no server left, is an error and not an empty
// database.
func TestClientThatIsClosed(t *testing.T) {
	t.Parallel()
	server := servers.Redis.Start(t)
	for name, client := range map[string]goredis.UniversalClient{
		"single":  goredis.NewClient(&goredis.Options{Addr: server.Address}),
		"ring":    goredis.NewRing(&goredis.RingOptions{Addrs: map[string]string{"one": server.Address}}),
		"cluster": goredis.NewClusterClient(&goredis.ClusterOptions{Addrs: []string{server.Address}}),
	} {
		store := borrow(t, client, nil)
		client.Close()
		for method, call := range calls {
			if err := call(t.Context(), store); err == nil || errors.Is(err, core.ErrNotFound) {
				t.Errorf("%s with a closed client, %s, = %v; want an error", method, name, err)
			}
		}
	}
}
