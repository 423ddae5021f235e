package servers

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"sync"
)

// Vault is Vault or OpenBao, unsealed, with a root token VaultToken and a KV
// version 2 engine at "secret". A shared one is a development server, which has
// everything in memory. One that a test starts keeps its files: see
// vaultArguments.
var Vault = &Kind{
	Name:    "vault",
	program: "bao", environment: "VAULT_SERVER", arguments: vaultArguments,
	image: "openbao/openbao:2", port: "8200/tcp",
	// Each of the two programs reads its own: the image may be hashicorp/vault.
	variables: map[string]string{
		"BAO_DEV_ROOT_TOKEN_ID": VaultToken, "VAULT_DEV_ROOT_TOKEN_ID": VaultToken, "SKIP_SETCAP": "true",
	},
	url:     func(address string) string { return "http://" + address },
	version: vaultVersion,
}

// VaultToken is the root token of the servers of kind Vault, unless
// KEYVALUE_TEST_VAULT_TOKEN says otherwise for the one that tests share.
const VaultToken = "root"

// startedVault is what this process knows of a server that it has started.
type startedVault struct {
	key   string // unseals it
	token string // the root token that it was made with, until it is set up
}

// startedVaults has a *startedVault for each address.
var startedVaults sync.Map

// vaultArguments keep what was written across restarts, in the integrated
// storage, which both programs have. The server then begins uninitialized, and
// sealed after each restart: vaultVersion sees to that.
func vaultArguments(port int, dir string) []string {
	config := fmt.Sprintf(`
storage "raft" {
  path = %[1]q
  node_id = "test"
  performance_multiplier = 1
}
listener "tcp" {
  address = "127.0.0.1:%[2]d"
  cluster_address = "127.0.0.1:%[3]d"
  tls_disable = true
}
disable_mlock = true
api_addr = "http://127.0.0.1:%[2]d"
cluster_addr = "https://127.0.0.1:%[3]d"
`, dir, port, port+1)
	path := filepath.Join(dir, "server.hcl")
	if err := os.WriteFile(path, []byte(config), 0o600); err != nil {
		panic(err) // the directory was made for this
	}
	startedVaults.Store(fmt.Sprintf("127.0.0.1:%d", port), new(startedVault))
	return []string{"server", "-config=" + path}
}

// vaultVersion initializes, unseals and sets up a server that this process has
// started, as far as it gets before the context ends: it is called again.
func vaultVersion(ctx context.Context, address string) (string, error) {
	var status struct {
		Initialized, Sealed bool
		Version             string
		BuildDate           string `json:"build_date"` // of Vault alone
	}
	if err := askVault(ctx, address, http.MethodGet, "sys/seal-status", "", nil, &status); err != nil {
		return "", err
	}
	if started, own := startedVaults.Load(address); own {
		if err := started.(*startedVault).prepare(ctx, address, status.Initialized, status.Sealed); err != nil {
			return "", err
		}
	}
	if err := askVault(ctx, address, http.MethodGet, "sys/health", "", nil, nil); err != nil {
		return "", err
	}
	if status.BuildDate != "" {
		return "Vault " + status.Version, nil
	}
	return "OpenBao " + status.Version, nil
}

// prepare makes of a server what a development server is.
func (s *startedVault) prepare(ctx context.Context, address string, initialized, sealed bool) error {
	if !initialized {
		var made struct {
			Keys  []string
			Token string `json:"root_token"`
		}
		shares := map[string]any{"secret_shares": 1, "secret_threshold": 1}
		if err := askVault(ctx, address, http.MethodPut, "sys/init", "", shares, &made); err != nil {
			return err
		}
		s.key, s.token = made.Keys[0], made.Token
		sealed = true
	}
	if sealed {
		if err := askVault(ctx, address, http.MethodPut, "sys/unseal", "", map[string]any{"key": s.key}, nil); err != nil {
			return err
		}
	}
	if s.token == "" {
		return nil
	}
	// It is unsealed, but does not work until it leads its cluster.
	if err := askVault(ctx, address, http.MethodGet, "sys/health", "", nil, nil); err != nil {
		return err
	}
	engine := map[string]any{"type": "kv", "options": map[string]any{"version": "2"}}
	if err := askVault(ctx, address, http.MethodPost, "sys/mounts/secret", s.token, engine, nil); err != nil {
		return err
	}
	token := map[string]any{"id": VaultToken, "policies": []string{"root"}}
	if err := askVault(ctx, address, http.MethodPost, "auth/token/create", s.token, token, nil); err != nil {
		return err
	}
	s.token = ""
	return nil
}

// askVault sends a request and decodes the answer, if that is wanted.
func askVault(ctx context.Context, address, method, path, token string, body, answer any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, method, "http://"+address+"/v1/"+path, bytes.NewReader(text))
	if err != nil {
		return err
	}
	request.Header.Set("X-Vault-Token", token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode >= http.StatusBadRequest {
		return fmt.Errorf("%s answers %s", path, response.Status)
	}
	if answer == nil {
		return nil
	}
	return json.NewDecoder(response.Body).Decode(answer)
}
