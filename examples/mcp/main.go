// Command mcp is a server of the Model Context Protocol, on its official SDK
// for Go, that keeps two things in a store of its user's choice: the results of
// its tools, for a while, and the tokens of its users, encrypted.
//
//	go run ./examples/mcp                        a demonstration, which ends
//	go run ./examples/mcp -listen localhost:8080 a server for development
//
// The store is a URL: memory:// for development, null:// for tests, where
// nothing is remembered, and redis://host:6379/0 for production, where the
// variable MCP_KEY must hold the encryption key, 32 bytes as 64 hexadecimal
// digits, so that a restarted server still reads its tokens.
package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"log"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/memory"
	"github.com/go-keyvalue/keyvalue/redis"
)

// stores are what a user of this server can choose from.
var stores = core.Mux{"memory": memory.Open, "null": memory.OpenNull, "redis": redis.Open}

func main() {
	storeURL := flag.String("store", "memory://", "`URL` of the store: memory, null or redis")
	listen := flag.String("listen", "", "serve at this `address`, instead of a demonstration")
	flag.Parse()
	if err := run(context.Background(), *storeURL, *listen); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, storeURL, listen string) (err error) {
	key, err := encryptionKey(storeURL)
	if err != nil {
		return err
	}
	store, err := stores.Open(ctx, storeURL)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, core.Close(store)) }()
	server, err := newServer(store, key)
	if err != nil {
		return err
	}
	if listen == "" {
		return demonstrate(ctx, server)
	}
	token, err := server.tokens.Issue(ctx, "developer", 24*time.Hour)
	if err != nil {
		return err
	}
	fmt.Printf("http://%s/mcp, with the header Authorization: Bearer %s\n", listen, token)
	return (&http.Server{Addr: listen, Handler: server.handler, ReadHeaderTimeout: 10 * time.Second}).ListenAndServe()
}

// encryptionKey returns the key in MCP_KEY. What is in memory needs none that
// outlives the process.
func encryptionKey(storeURL string) ([]byte, error) {
	text, ok := os.LookupEnv("MCP_KEY")
	if ok {
		key, err := hex.DecodeString(text)
		if err != nil || len(key) != 32 {
			return nil, errors.New("MCP_KEY is not 64 hexadecimal digits")
		}
		return key, nil
	}
	if strings.HasPrefix(storeURL, "redis") {
		return nil, errors.New("MCP_KEY is not set, and without it nobody could read the tokens in Redis again")
	}
	key := make([]byte, 32)
	_, err := rand.Read(key)
	return key, err
}
