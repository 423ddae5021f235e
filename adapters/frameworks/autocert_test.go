package frameworks

import (
	"testing"

	"golang.org/x/crypto/acme/autocert"

	"github.com/go-keyvalue/keyvalue/adapters"
)

var _ autocert.Cache = (*adapters.AutocertCache)(nil)

func TestAutocert(t *testing.T) {
	manager := &autocert.Manager{Cache: newBytes(t).Autocert(autocert.ErrCacheMiss)}
	cache := manager.Cache
	if _, err := cache.Get(t.Context(), "example.org"); err != autocert.ErrCacheMiss {
		t.Errorf("a miss is %v", err)
	}
	if err := cache.Put(t.Context(), "example.org", []byte("-----BEGIN CERTIFICATE-----\n")); err != nil {
		t.Fatal(err)
	}
	if data, err := cache.Get(t.Context(), "example.org"); err != nil || string(data) != "-----BEGIN CERTIFICATE-----\n" {
		t.Errorf("got %q, %v", data, err)
	}
	if err := cache.Delete(t.Context(), "example.org"); err != nil {
		t.Error(err)
	}
}
