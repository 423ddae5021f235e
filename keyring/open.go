package keyring

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/99designs/keyring"

	"github.com/go-keyvalue/keyvalue/core"
)

// OpenConfig opens the first of the config's backends that can be opened, and
// returns a store over it. Config may be nil.
//
// The error matches core.ErrInvalidOptions where the config makes no sense,
// and keyring.ErrNoAvailImpl of the driver where no backend could be opened.
// The driver does not tell why. Opening may ask the user for something; the
// context ends the wait.
func OpenConfig(ctx context.Context, config *Config) (*Store, error) {
	store, err := openConfig(ctx, config)
	if err != nil {
		return nil, refuse("open", err)
	}
	return store, nil
}

func openConfig(ctx context.Context, given *Config) (*Store, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	config := given.withDefaults()
	if err := config.check(); err != nil {
		return nil, err
	}
	available := keyring.AvailableBackends()
	var tried []string
	for _, backend := range config.Backends {
		if !slices.Contains(available, backend) {
			tried = append(tried, fmt.Sprintf("%s is not available here", backend))
			continue
		}
		settings, prefix := config.ringOf(backend)
		ring, err := take(ctx, newTurn(), func() (keyring.Keyring, error) { return keyring.Open(settings) })
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			if !errors.Is(err, keyring.ErrNoAvailImpl) {
				return nil, err
			}
			tried = append(tried, fmt.Sprintf("%s could not be opened", backend))
			continue
		}
		return newStore(ring, &Options{Prefix: prefix})
	}
	return nil, fmt.Errorf("%w: %s", keyring.ErrNoAvailImpl, strings.Join(tried, ", "))
}

// PasswordFromEnvironment returns a function for [Config].FilePassword that
// takes the password from an environment variable.
func PasswordFromEnvironment(variable string) keyring.PromptFunc {
	return func(string) (string, error) {
		password, ok := os.LookupEnv(variable)
		if !ok {
			return "", fmt.Errorf("the environment variable %q is not set", variable)
		}
		return password, nil
	}
}

// PasswordFromFile returns a function for [Config].FilePassword that takes the
// password from a file: all that is in it, but for a line's end at its own.
func PasswordFromFile(path string) keyring.PromptFunc {
	return func(string) (string, error) {
		text, err := os.ReadFile(path)
		if err != nil {
			return "", err
		}
		return strings.TrimSuffix(strings.TrimSuffix(string(text), "\n"), "\r"), nil
	}
}

var _ core.Opener = Open
