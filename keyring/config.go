package keyring

import (
	"errors"
	"slices"
	"strings"

	"github.com/99designs/keyring"

	"github.com/go-keyvalue/keyvalue/core/names"
)

// DefaultService is the name of the service where [Config].Service is empty.
const DefaultService = "py-key-value"

// DefaultCollection is the collection of the Secret Service where
// [Config].SecretServiceCollection is empty: the one that a desktop unlocks
// when its user logs in.
const DefaultCollection = "login"

// Config says which keyring [OpenConfig] opens. Nil and the zero value are
// valid: the keyring of the desktop, for [DefaultService].
type Config struct {
	// Backends are those that may be opened, the preferred one first. Empty:
	// the keyring of the desktop, which is the Keychain on macOS, the
	// Credential Manager on Windows, and elsewhere the Secret Service or
	// KWallet. The others are opened only where they are named: keyctl forgets
	// everything when the system stops, pass and file need settings.
	Backends []keyring.BackendType

	// Service sets the entries of one program apart from others': letters of
	// either case, digits and `._-`, not beginning with a dot or a dash, at
	// most 64. On pass it is the folder, on keyctl the keyring, on KWallet the
	// folder, on the Keychain the service, on the Credential Manager a part of
	// each name, on the Secret Service the same unless it is the collection.
	// On file it is not looked at: there the directory is the program's.
	// Empty: [DefaultService].
	Service string

	// SecretServiceCollection is the collection of the Secret Service. One that
	// is not there is made, for which the desktop asks for a password. Empty:
	// [DefaultCollection].
	SecretServiceCollection string

	// KWallet is the wallet of KDE. Empty: kdewallet.
	KWallet string

	// KeychainName is the keychain of macOS, without `.keychain`. Empty: the
	// user's default one. KeychainPassword, if set, gives the password of a
	// keychain that has to be made; otherwise the system asks for it.
	KeychainName     string
	KeychainPassword keyring.PromptFunc

	// KeychainTrustApplication lets this program read its items without being
	// asked, KeychainAccessibleWhenUnlocked says that items can only be read
	// while the device is unlocked.
	KeychainTrustApplication, KeychainAccessibleWhenUnlocked bool

	// KeyctlScope is the keyring of the Linux kernel that the service's is
	// linked to: user, usersession, session, process or thread. Empty: user,
	// which all processes of the user share.
	KeyctlScope string

	// PassDir is the directory of the password store; empty: that of the
	// environment variable PASSWORD_STORE_DIR, or ~/.password-store.
	// PassCommand is the program; empty: pass.
	PassDir, PassCommand string

	// FileDir is the directory of encrypted files, which the first write
	// makes. FilePassword gives their password when the first file is read or
	// written; an empty one is refused. keyring.TerminalPrompt of the driver
	// asks for it, [PasswordFromEnvironment] and [PasswordFromFile] do not.
	// Both are required where Backends has file. A leading ~/ is the home
	// directory.
	FileDir      string
	FilePassword keyring.PromptFunc
}

// maxService is the longest name of a service.
const maxService = 64

func (c *Config) withDefaults() Config {
	var config Config
	if c != nil {
		config = *c
	}
	if len(config.Backends) == 0 {
		config.Backends = desktop
	}
	orDefault(&config.Service, DefaultService)
	orDefault(&config.SecretServiceCollection, DefaultCollection)
	orDefault(&config.KWallet, "kdewallet")
	orDefault(&config.KeyctlScope, "user")
	return config
}

func orDefault(text *string, otherwise string) {
	if *text == "" {
		*text = otherwise
	}
}

// desktop are the backends that are opened without being named.
var desktop = []keyring.BackendType{
	keyring.WinCredBackend, keyring.KeychainBackend, keyring.SecretServiceBackend, keyring.KWalletBackend,
}

// check returns why a config with its defaults is refused, or nil.
func (c *Config) check() error {
	switch {
	case len(c.Service) > maxService:
		return invalidOptions("Service has more than %d bytes", maxService)
	case strings.Trim(c.Service, names.Digits+names.Lower+names.Upper+"._-") != "":
		return invalidOptions("Service has other characters than letters, digits and ._-")
	case c.Service[0] == '.' || c.Service[0] == '-':
		return invalidOptions("Service begins with %q", c.Service[:1])
	}
	for _, backend := range c.Backends {
		if kinds[backend] == nil {
			return invalidOptions("Backends has %q, which the driver does not know", backend)
		}
	}
	if slices.Contains(c.Backends, keyring.FileBackend) {
		switch {
		case c.FileDir == "":
			return invalidOptions("FileDir is empty")
		case c.FilePassword == nil:
			return invalidOptions("FilePassword is nil")
		}
	}
	if !slices.Contains([]string{"user", "usersession", "session", "process", "thread"}, c.KeyctlScope) {
		return invalidOptions("KeyctlScope is none of the kernel's")
	}
	return nil
}

// keyctlPermissions let the user's processes use a key that the first of them
// has made: by default only who possesses a key can read it, and whether a
// process possesses what is linked to the user's keyring depends on how it was
// started.
const keyctlPermissions = 0x3f3f0000

// ringOf returns the driver's config for a backend, and the prefix of items.
func (c *Config) ringOf(backend keyring.BackendType) (config keyring.Config, prefix string) {
	config = keyring.Config{
		AllowedBackends: []keyring.BackendType{backend},
		ServiceName:     c.Service,

		KeychainName:                   c.KeychainName,
		KeychainPasswordFunc:           c.KeychainPassword,
		KeychainTrustApplication:       c.KeychainTrustApplication,
		KeychainAccessibleWhenUnlocked: c.KeychainAccessibleWhenUnlocked,

		KeyCtlScope: c.KeyctlScope,

		LibSecretCollectionName: c.SecretServiceCollection,

		KWalletAppID:  c.Service,
		KWalletFolder: c.Service,

		PassDir:    c.PassDir,
		PassCmd:    c.PassCommand,
		PassPrefix: c.Service,

		FileDir:          c.FileDir,
		FilePasswordFunc: c.filePassword,
	}
	if c.KeyctlScope == "user" || c.KeyctlScope == "usersession" {
		// Not for the others: the driver would make a keyring in the session,
		// link it there once more and unlink it, which removes it.
		config.KeyCtlPerm = keyctlPermissions
	}
	if backend == keyring.KWalletBackend {
		config.ServiceName = c.KWallet // what the driver calls a service is the wallet
	}
	if backend == keyring.SecretServiceBackend && c.SecretServiceCollection != c.Service {
		prefix = c.Service + "/"
	}
	return config, prefix
}

// filePassword refuses an empty password, which the driver would encrypt with.
func (c *Config) filePassword(prompt string) (string, error) {
	password, err := c.FilePassword(prompt)
	if err == nil && password == "" {
		err = errors.New("the password of the files is empty")
	}
	return password, err
}
