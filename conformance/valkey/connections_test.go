package valkey_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"io"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	driver "github.com/valkey-io/valkey-go"

	"github.com/go-keyvalue/keyvalue/conformance/internal/servers"
	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/valkey"
)

// wantWorking uses the store in the ways that differ in what they ask of a
// connection.
func wantWorking(t *testing.T, store *valkey.Store) {
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
	servers.Valkey.Start(t, "--unixsocket", socket, "--requirepass", "secret")
	wantWorking(t, open(t, "unix://:secret@"+socket+"?db=3"))
}

// A store that is opened with a number of a database, a user and a protocol has
// these.
func TestParametersOfURL(t *testing.T) {
	t.Parallel()
	o := started(t)
	permit(t, &o, "+@all")
	admin := connect(t, driver.ClientOption{InitAddress: o.InitAddress, DisableCache: true})
	for _, scheme := range []string{"valkey", "redis"} {
		store := open(t, scheme+"://ada:secret@"+o.InitAddress[0]+"/2?protocol=2&client_name=the-name&write_timeout=3s&dial_timeout=4s&max_retries=0&verify_listing=true")
		wantWorking(t, store)
		list := text(t, admin, "CLIENT", "LIST")
		if !strings.Contains(list, "name=the-name ") || !strings.Contains(list, "user=ada ") || !strings.Contains(list, "db=2 ") || !strings.Contains(list, "resp=2 ") {
			t.Errorf("the connections are\n%s", list)
		}
		do(t, store.Client(), "SET", "x::y", "not ours")
		for _, err := range store.Keys(t.Context(), "x") {
			if err == nil {
				t.Error("the listing is not verified")
			}
		}
		store.Close()
	}
}

// By default nothing is asked of the server that not every server allows.
func TestOpenAsksForNoTracking(t *testing.T) {
	t.Parallel()
	o := started(t)
	permit(t, &o, "+@all", "-client|tracking")
	wantWorking(t, open(t, "valkey://ada:secret@"+o.InitAddress[0]))
	if _, err := valkey.Open(t.Context(), "valkey://ada:secret@"+o.InitAddress[0]+"?client_cache_ttl=1m"); err == nil {
		t.Error("with a cache tracking is not asked for")
	}
}

func TestTLS(t *testing.T) {
	t.Parallel()
	certificate, pool := certify(t)
	address := terminate(t, certificate, servers.Valkey.Start(t).Address)
	wantWorking(t, open(t, "valkeys://"+address+"?skip_verify=true"))
	wantWorking(t, open(t, "rediss://"+address+"/1?skip_verify"))
	if _, err := valkey.Open(t.Context(), "valkeys://"+address); err == nil {
		t.Error("a certificate that nobody vouches for was accepted")
	}
	client := connect(t, driver.ClientOption{InitAddress: []string{address}, TLSConfig: &tls.Config{RootCAs: pool}})
	wantWorking(t, borrow(t, client, nil))
}

// terminate listens for TLS connections and forwards what is in them, since not
// every server was built with TLS.
func terminate(t *testing.T, certificate tls.Certificate, target string) string {
	t.Helper()
	listener, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{certificate}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			server, err := net.Dial("tcp", target)
			if err != nil {
				client.Close()
				continue
			}
			forward := func(to, from net.Conn) {
				_, _ = io.Copy(to, from)
				to.Close()
				from.Close()
			}
			go forward(server, client)
			go forward(client, server)
		}
	}()
	return listener.Addr().String()
}

// certify returns a certificate for the loopback address, and who vouches for it.
func certify(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	text, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(text)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{text}, PrivateKey: key}, pool
}

// A store that was opened through sentinels finds the new master by itself.
func TestSentinel(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	watched := servers.Sentinel(t, servers.Valkey)
	store := open(t, "valkey://"+watched.Sentinel.Address+"/1?master_set="+watched.Name)
	wantWorking(t, store)
	if err := store.Put(ctx, "kept", "k", []byte(`{"n":1}`), core.NoTTL); err != nil {
		t.Fatal(err)
	}
	// Without that it may not survive the master.
	client := store.Client()
	replicas, err := client.Do(ctx, client.B().Wait().Numreplicas(1).Timeout(patience.Milliseconds()).Build()).AsInt64()
	if replicas != 1 {
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

// With a client that sends to the replica what only reads, listings and
// destructions see what the master has.
func TestSentinelWithReplica(t *testing.T) {
	t.Parallel()
	watched := servers.Sentinel(t, servers.Valkey)
	store := borrow(t, connect(t, driver.ClientOption{
		InitAddress: []string{watched.Sentinel.Address}, Sentinel: driver.SentinelOption{MasterSet: watched.Name},
		SendToReplicas: func(cmd driver.Completed) bool { return cmd.IsReadOnly() }, DisableCache: true,
	}), nil)
	// The replica, which does not answer, is asked for nothing but entries.
	if err := store.Put(t.Context(), "c", "k", []byte(`{}`), core.NoTTL); err != nil {
		t.Fatal(err)
	}
	watched.Replica.Pause()
	defer watched.Replica.Resume()
	for key, err := range store.Keys(t.Context(), "c") {
		if key != "k" || err != nil {
			t.Errorf("Keys yields %q, %v", key, err)
		}
	}
	if inserted, err := store.Insert(t.Context(), "c", "k", []byte(`{}`), core.NoTTL); inserted || err != nil {
		t.Errorf("Insert = %v, %v; want false, nil", inserted, err)
	}
	if existed, err := store.DestroyCollection(t.Context(), "c"); !existed || err != nil {
		t.Errorf("DestroyCollection = %v, %v; want true, nil", existed, err)
	}
}
