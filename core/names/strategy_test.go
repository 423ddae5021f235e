package names_test

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/go-keyvalue/keyvalue/core"
	"github.com/go-keyvalue/keyvalue/core/names"
)

// strategies are the reference's strategies under the names that the vectors
// have for them.
func strategies(t *testing.T) map[string]names.Strategy {
	must := func(strategy names.Strategy, err error) names.Strategy {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return strategy
	}
	hash := func(digits int) names.Strategy {
		strategy, err := names.NewAlwaysHash(digits)
		return must(strategy, err)
	}
	excess := func(maxLength int) names.Strategy {
		strategy, err := names.NewHashExcessLength(maxLength)
		return must(strategy, err)
	}
	hybrid := func(options names.HybridOptions) names.Strategy {
		strategy, err := names.NewHybrid(options)
		return must(strategy, err)
	}
	s3 := func(maxBytes int) names.Strategy {
		strategy, err := names.NewS3(maxBytes)
		return must(strategy, err)
	}
	const alphanumeric = names.Digits + names.Lower + names.Upper
	all := map[string]names.Strategy{
		"PassthroughStrategy()":                                                              names.Passthrough{},
		"AlwaysHashStrategy(hash_length=9)":                                                  hash(9),
		"AlwaysHashStrategy(hash_length=16)":                                                 hash(16),
		"AlwaysHashStrategy(hash_length=32)":                                                 hash(32),
		"AlwaysHashStrategy(hash_length=64)":                                                 hash(64),
		"HashExcessLengthStrategy(max_length=10)":                                            excess(10),
		"HashExcessLengthStrategy(max_length=16)":                                            excess(16),
		"HashExcessLengthStrategy(max_length=64)":                                            excess(64),
		"HashExcessLengthStrategy(max_length=66)":                                            excess(66),
		"HashExcessLengthStrategy(max_length=100)":                                           excess(100),
		"HashExcessLengthStrategy(max_length=240)":                                           excess(240),
		"HybridSanitizationStrategy()":                                                       hybrid(names.HybridOptions{}),
		"HybridSanitizationStrategy(allowed_characters=ALPHANUMERIC+'-_')":                   hybrid(names.HybridOptions{Allowed: alphanumeric + "-_"}),
		"HybridSanitizationStrategy(allowed_characters=LOWERCASE, hash_fragment_mode=NEVER)": hybrid(names.HybridOptions{Allowed: names.Lower, Hash: names.HashNever}),
		"HybridSanitizationStrategy(replacement_character='-', hash_fragment_length=12, allowed_characters=ALPHANUMERIC)": hybrid(
			names.HybridOptions{Allowed: alphanumeric, Replacement: "-", HashLength: 12}),
		"MemcachedV1KeySanitizationStrategy()":                     names.MemcachedV1Key(),
		"KeyringV1KeySanitizationStrategy()":                       names.KeyringV1Key(),
		"KeyringV1CollectionSanitizationStrategy()":                names.KeyringV1Collection(),
		"MongoDBV1CollectionSanitizationStrategy()":                names.MongoDBV1Collection(),
		"ElasticsearchV1KeySanitizationStrategy()":                 names.ElasticsearchV1Key(),
		"ElasticsearchV1CollectionSanitizationStrategy()":          names.ElasticsearchV1Collection(),
		"OpenSearchV1KeySanitizationStrategy()":                    names.OpenSearchV1Key(),
		"OpenSearchV1CollectionSanitizationStrategy()":             names.OpenSearchV1Collection(),
		"FileTreeV1KeySanitizationStrategy('/ROOT/ftroot')":        must(names.FileTreeV1Key("/ROOT/ftroot")),
		"FileTreeV1CollectionSanitizationStrategy('/ROOT/ftroot')": names.FileTreeV1Collection(),
		"WindowsRegistryV1CollectionSanitizationStrategy()":        names.WindowsRegistryV1Collection(),
		"S3KeySanitizationStrategy()":                              names.S3{},
		"S3KeySanitizationStrategy(16)":                            s3(16),
		"S3CollectionSanitizationStrategy()":                       s3(500),
		"FirestoreV1KeySanitizationStrategy()":                     names.Firestore{},
		"AzureTablesSanitizationStrategy()":                        names.AzureTables{},
	}
	for length, prefix := range map[int]string{16: "16", 50: "50", 200: "200", 240: "240"} {
		for _, mode := range []names.HashMode{names.HashIfChanged, names.HashAlways, names.HashNever} {
			name := "HybridSanitizationStrategy(max_length=" + prefix + ", allowed_characters=ALPHANUMERIC, hash_fragment_mode=" + mode.String() + ")"
			all[name] = hybrid(names.HybridOptions{MaxLength: length, Allowed: alphanumeric, Hash: mode})
		}
	}
	return all
}

func TestStrategyVectors(t *testing.T) {
	data, err := os.ReadFile("testdata/sanitizers.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Strategies []struct {
			Strategy string
			Message  *string `json:"invalid_message"`
			Cases    [][4]int
		}
		Strings []string
	}
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	all := strategies(t)
	count, restored := 0, 0
	for _, group := range file.Strategies {
		strategy := all[group.Strategy]
		if strategy == nil {
			t.Errorf("there is no %s", group.Strategy)
			continue
		}
		delete(all, group.Strategy)
		for _, c := range group.Cases {
			count++
			input, want, valid := file.Strings[c[0]], file.Strings[c[1]], c[3] == 1
			if got := strategy.Sanitize(input); got != want {
				t.Errorf("%s: Sanitize(%.50q) = %q, want %q", group.Strategy, input, got, want)
			}
			err := strategy.Validate(input)
			if valid && err != nil || !valid && !errors.Is(err, core.ErrInvalidKey) {
				t.Errorf("%s: Validate(%.50q): %v, want %t", group.Strategy, input, err, valid)
			}
			// Why there is no counterpart of try_unsanitize: where it answers
			// at all, the answer is the sanitized name. It never restores a
			// name that was changed; of AlwaysHash it gives the hash.
			if c[2] >= 0 {
				restored++
				if file.Strings[c[2]] != want {
					t.Errorf("%s: try_unsanitize(%q) = %q restores something", group.Strategy, want, file.Strings[c[2]])
				}
			}
		}
	}
	for name := range all {
		t.Errorf("no case for %s", name)
	}
	if count != 2595 || restored != 466 {
		t.Errorf("%d cases, %d with try_unsanitize, want 2595 and 466", count, restored)
	}
}

func TestStrategyZeroValues(t *testing.T) {
	long := strings.Repeat("é", 241)
	for _, test := range []struct {
		strategy names.Strategy
		name     string
		want     string
	}{
		{names.AlwaysHash{}, "a", sum("a")},
		{names.HashExcessLength{}, long, "H_" + sum(long)},
		{names.HashExcessLength{}, long[2:], long[2:]},
		{names.Hybrid{}, long, "S_" + long[:2*238]},
		{names.S3{}, long + long, (long + long)[:492] + sum(long + long)[:8]},
	} {
		if got := test.strategy.Sanitize(test.name); got != test.want {
			t.Errorf("%T: Sanitize(%q) = %q, want %q", test.strategy, test.name, got, test.want)
		}
	}
}

// The collisions that the documentation warns of.
func TestStrategyCollisions(t *testing.T) {
	long := strings.Repeat("x", 300)
	if keyring := names.KeyringV1Key(); keyring.Sanitize(long+"1") != keyring.Sanitize(long+"2") {
		t.Error("Hybrid does not cut long names: correct its documentation")
	}
	s3 := names.S3{}
	cut := s3.Sanitize(strings.Repeat("x", 501))
	if s3.Sanitize(cut) != cut || s3.Validate(cut) != nil {
		t.Error("S3 marks what it cut: correct its documentation")
	}
}

func TestStrategyErrors(t *testing.T) {
	err := names.KeyringV1Key().Validate("S_" + strings.Repeat("é", 10_000))
	if err == nil || len(err.Error()) > 200 || !utf8.ValidString(err.Error()) || !strings.Contains(err.Error(), `"S_éé`) || !strings.Contains(err.Error(), "20002 bytes") {
		t.Errorf("a long name gives %v", err)
	}
	err = names.Firestore{}.Validate("H_\n")
	if err == nil || !strings.HasSuffix(err.Error(), `"H_\n"`) {
		t.Errorf("a short name gives %v", err)
	}
}

func TestNewStrategyRefuses(t *testing.T) {
	refused := func(what string, err error) {
		t.Helper()
		if !errors.Is(err, core.ErrInvalidOptions) {
			t.Errorf("%s: %v", what, err)
		}
	}
	for _, digits := range []int{-1, 0, 8, 65} {
		_, err := names.NewAlwaysHash(digits)
		refused("NewAlwaysHash", err)
	}
	for _, length := range []int{-1, 0, 9} {
		_, err := names.NewHashExcessLength(length)
		refused("NewHashExcessLength", err)
	}
	for _, length := range []int{-1, 0, 15} {
		_, err := names.NewS3(length)
		refused("NewS3", err)
	}
	for _, options := range []names.HybridOptions{
		{MaxLength: -1}, {MaxLength: 10}, {HashLength: -1}, {HashLength: 65}, {Hash: -1}, {Hash: names.HashNever + 1},
		{MaxLength: 66, HashLength: 64},
	} {
		_, err := names.NewHybrid(options)
		refused("NewHybrid", err)
	}
	for _, room := range []int{-1, 0, 10} {
		_, err := names.FileTreeV1Key(strings.Repeat("d", 4096-room))
		refused("FileTreeV1Key", err)
	}
}

func TestFileTreeV1KeyDeepDirectory(t *testing.T) {
	strategy, err := names.FileTreeV1Key(strings.Repeat("d", 4096-11))
	if err != nil {
		t.Fatal(err)
	}
	if got := strategy.Sanitize("abcdefghijkl"); got != "S_abcdefghi" {
		t.Errorf("in a deep directory: %q", got)
	}
}

func TestHashModeString(t *testing.T) {
	if got := names.HashMode(7).String(); got != "HashMode(7)" {
		t.Error(got)
	}
}
