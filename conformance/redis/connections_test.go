package redis_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/redis"
)

// wantWorking uses the store in the ways that differ in what they ask of a
// connection.
func wantWorking(t *testing.T, store *redis.Store) {
	t.Helper()
	ctx := t.Context()
	items := []core.Item{{Key: "a", Value: []byte(`{"n":1}`)}, {Key: "b", Value: []byte(`{"n":2}`), TTL: time.Hour}}
	if err := store.PutMany(ctx, "c", items); err != nil {
		t.Errorf("PutMany = %v", err)
	}
	if entries, err := store.GetMany(ctx, "c", []string{"a", "b"}); err != nil || string(entries[1].Value) != `{"n":2}` {
		t.Errorf("GetMany = %v, %v", entries, err)
	}
	if inserted, err := store.Insert(ctx, "c", "a", []byte(`{}`), core.NoTTL); inserted || err != nil {
		t.Errorf("Insert = %v, %v; want false, nil", inserted, err)
	}
	count := 0
	for _, err := range store.Keys(ctx, "c") {
		if err != nil {
			t.Fatalf("Keys yields %v", err)
		}
		count++
	}
	if count != 2 {
		t.Errorf("Keys yields %d keys, want 2", count)
	}
	if live, err := store.Delete(ctx, "c", "a"); !live || err != nil {
		t.Errorf("Delete = %v, %v; want true, nil", live, err)
	}
	if existed, err := store.DestroyCollection(ctx, "c"); !existed || err != nil {
		t.Errorf("DestroyCollection = %v, %v; want true, nil", existed, err)
	}
}

func TestUnixSocket(t *testing.T) {
	t.Parallel()
	dir, err := os.MkdirTemp("", "") // that of the test may be too long for a socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	socket := filepath.Join(dir, "socket")
	servers.Redis.Start(t, "--unixsocket", socket, "--requirepass", "secret")
	for _, scheme := range []string{"unix", "redis+unix"} {
		wantWorking(t, open(t, scheme+"://:secret@"+socket+"?db=3"))
	}
}

func TestUserByURL(t *testing.T) {
	t.Parallel()
	o := started(t)
	permit(t, o, "+@all")
	wantWorking(t, open(t, "redis://ada:secret@"+o.Addr+"/2?protocol=2"))
}

func TestTLS(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	pool := certify(t, dir)
	port := servers.FreePort(t)
	servers.Redis.Start(t, "--tls-port", strconv.Itoa(port), "--tls-auth-clients", "no",
		"--tls-cert-file", filepath.Join(dir, "certificate"), "--tls-key-file", filepath.Join(dir, "key"),
		"--tls-ca-cert-file", filepath.Join(dir, "certificate"))
	address := net.JoinHostPort("127.0.0.1", strconv.Itoa(port))

	wantWorking(t, open(t, "rediss://"+address+"?skip_verify=true"))
	if err := open(t, "rediss://"+address).Ping(t.Context()); err == nil {
		t.Error("a certificate that nobody vouches for was accepted")
	}
	client := goredis.NewClient(&goredis.Options{Addr: address, TLSConfig: &tls.Config{RootCAs: pool}})
	defer client.Close()
	wantWorking(t, borrow(t, client, nil))
}

// certify writes a certificate for the loopback address, and its key.
func certify(t *testing.T, dir string) *x509.CertPool {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	for name, block := range map[string]*pem.Block{
		"certificate": {Type: "CERTIFICATE", Bytes: certificate}, "key": {Type: "PRIVATE KEY", Bytes: secret},
	} {
		text := pem.EncodeToMemory(block)
		if name == "certificate" {
			pool.AppendCertsFromPEM(text)
		}
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return pool
}

// A store that was opened through sentinels finds the new master by itself.
func TestSentinel(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	watched := servers.Sentinel(t, servers.Redis)
	parameters := url.Values{"master_name": {watched.Name}}
	store := open(t, "redis-sentinel://"+watched.Sentinel.Address+"/1?"+parameters.Encode())
	wantWorking(t, store)
	if err := store.Put(ctx, "kept", "k", []byte(`{"n":1}`), core.NoTTL); err != nil {
		t.Fatal(err)
	}
	// Without that it may not survive the master.
	if replicas, err := store.Client().Do(ctx, "wait", 1, patience.Milliseconds()).Int(); replicas != 1 {
		t.Fatalf("%d replicas have the entry, want 1: %v", replicas, err)
	}
	watched.Master.Kill()
	eventually(t, func() error { return store.Put(ctx, "kept", "after", []byte(`{"n":2}`), core.NoTTL) })
	eventually(t, func() error {
		entries, err := store.GetMany(ctx, "kept", []string{"k", "after"})
		if err == nil && (string(entries[0].Value) != `{"n":1}` || string(entries[1].Value) != `{"n":2}`) {
			t.Errorf("after the failover there is %v", entries)
		}
		return err
	})
	wantWorking(t, store)
}
