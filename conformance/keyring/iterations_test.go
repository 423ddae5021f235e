package keyring_test

import (
	"flag"

	"github.com/dvsekhvalnov/jose2go"
)

// quickFiles has the driver derive the keys of its files with 16 iterations
// instead of 8,192, which are most of the time of a suite and cost ten times as
// much under the race detector. The files are the driver's in all else. It does
// nothing where benchmarks run.
func quickFiles() {
	if bench := flag.Lookup("test.bench"); bench != nil && bench.Value.String() != "" {
		return
	}
	jose.RegisterJwa(quick{jose.DeregisterJwa(jose.PBES2_HS256_A128KW)})
}

type quick struct{ jose.JwaAlgorithm }

func (q quick) WrapNewKey(size int, key any, header map[string]any) (content, encrypted []byte, err error) {
	header["p2c"] = 16
	return q.JwaAlgorithm.WrapNewKey(size, key, header)
}
