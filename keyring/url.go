package keyring

import (
	"context"
	"net/url"
	"slices"

	"github.com/99designs/keyring"

	"github.com/go-keyvalue/keyvalue/core"
)

// Open returns a store for a URL of one of these forms:
//
//	keyring://                                   the keyring of the desktop
//	keyring://secret-service?collection=login
//	keyring://kwallet?wallet=kdewallet
//	keyring://keychain?name=my-app               macOS
//	keyring://wincred                            Windows
//	keyring://keyctl?scope=user                  Linux
//	keyring://pass?dir=~/.password-store&command=pass
//	keyring://file?dir=~/.my-app&password_env=MY_APP_PASSWORD
//	keyring://file?dir=~/.my-app&password_file=/run/secrets/my-app
//
// All take service=my-app. The parameters are those of [Config], whose defaults
// hold. A password cannot be in a URL, which ends up in logs: password_env
// names an environment variable and password_file a file.
//
// The errors are those of [OpenConfig], and repeat nothing of the URL but what
// is the name of a parameter.
func Open(ctx context.Context, url string) (core.Store, error) {
	config, err := parse(url)
	if err != nil {
		return nil, refuse("open", err)
	}
	store, err := OpenConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	return store, nil
}

// parameters are the parameters of the backends beside service.
var parameters = map[keyring.BackendType][]string{
	"":                           {},
	keyring.SecretServiceBackend: {"collection"},
	keyring.KWalletBackend:       {"wallet"},
	keyring.KeychainBackend:      {"name"},
	keyring.WinCredBackend:       {},
	keyring.KeyCtlBackend:        {"scope"},
	keyring.PassBackend:          {"dir", "command"},
	keyring.FileBackend:          {"dir", "password_env", "password_file"},
}

// parse returns the config that a URL stands for.
func parse(text string) (*Config, error) {
	u, err := url.Parse(text)
	if err != nil {
		return nil, invalidOptions("not a URL")
	}
	if u.Scheme != "keyring" {
		return nil, invalidOptions("the scheme is not keyring")
	}
	if u.User != nil || u.Opaque != "" || u.Fragment != "" || (u.Path != "" && u.Path != "/") {
		return nil, invalidOptions("the URL is not of the form keyring://backend?parameters")
	}
	values, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return nil, invalidOptions("the parameters of the URL cannot be read")
	}
	backend := keyring.BackendType(u.Host)
	known, ok := parameters[backend]
	if !ok {
		return nil, invalidOptions("the URL names no backend of the driver")
	}
	for name, all := range values {
		if name != "service" && !slices.Contains(known, name) {
			return nil, invalidOptions("there is no such parameter for that backend; known are service and %q", known)
		}
		if len(all) != 1 || all[0] == "" {
			return nil, invalidOptions("the parameter %s is empty, or given twice", name)
		}
	}
	return configOf(backend, values)
}

// configOf returns the config for a backend with known parameters.
func configOf(backend keyring.BackendType, values url.Values) (*Config, error) {
	config := &Config{
		Service:                 values.Get("service"),
		SecretServiceCollection: values.Get("collection"),
		KWallet:                 values.Get("wallet"),
		KeychainName:            values.Get("name"),
		KeyctlScope:             values.Get("scope"),
		PassCommand:             values.Get("command"),
	}
	if backend != "" {
		config.Backends = []keyring.BackendType{backend}
	}
	switch backend {
	case keyring.PassBackend:
		config.PassDir = values.Get("dir")
	case keyring.FileBackend:
		config.FileDir = values.Get("dir")
		variable, path := values.Get("password_env"), values.Get("password_file")
		switch {
		case (variable == "") == (path == ""):
			return nil, invalidOptions("file takes one of the parameters password_env and password_file")
		case variable != "":
			config.FilePassword = PasswordFromEnvironment(variable)
		default:
			config.FilePassword = PasswordFromFile(path)
		}
	}
	return config, nil
}
