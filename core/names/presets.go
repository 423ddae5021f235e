package names

import "unicode/utf8"

const alphanumeric = Digits + Lower + Upper

// MemcachedV1Key returns the reference's MemcachedV1KeySanitizationStrategy,
// for the whole compound key: the hash of what has more than 240 characters.
// It counts characters, where the server allows 250 bytes.
func MemcachedV1Key() Strategy { return HashExcessLength{} }

// KeyringV1Key returns the reference's KeyringV1KeySanitizationStrategy:
// letters and digits, 256 characters. Long names collide, see [Hybrid].
func KeyringV1Key() Strategy {
	return Hybrid{HybridOptions{MaxLength: 256, Allowed: alphanumeric}}
}

// KeyringV1Collection returns the reference's
// KeyringV1CollectionSanitizationStrategy, which is that for keys.
func KeyringV1Collection() Strategy { return KeyringV1Key() }

// MongoDBV1Collection returns the reference's
// MongoDBV1CollectionSanitizationStrategy: letters, digits and `_`, 200
// characters. Long names collide, see [Hybrid].
func MongoDBV1Collection() Strategy {
	return Hybrid{HybridOptions{MaxLength: 200, Allowed: alphanumeric + "_"}}
}

// ElasticsearchV1Key returns the reference's
// ElasticsearchV1KeySanitizationStrategy: always the whole hash.
func ElasticsearchV1Key() Strategy { return AlwaysHash{} }

// ElasticsearchV1Collection returns the reference's
// ElasticsearchV1CollectionSanitizationStrategy: letters, digits, `_`, `-` and
// `.`, 200 characters, always with eight digits of the hash. The store turns
// the result into lower case afterwards.
func ElasticsearchV1Collection() Strategy {
	return Hybrid{HybridOptions{MaxLength: 200, Allowed: alphanumeric + "_-.", Hash: HashAlways}}
}

// OpenSearchV1Key returns the reference's OpenSearchV1KeySanitizationStrategy,
// which is that of Elasticsearch.
func OpenSearchV1Key() Strategy { return ElasticsearchV1Key() }

// OpenSearchV1Collection returns the reference's
// OpenSearchV1CollectionSanitizationStrategy, which is that of Elasticsearch.
func OpenSearchV1Collection() Strategy { return ElasticsearchV1Collection() }

// The limits of file systems on Linux, from which the reference takes the
// lengths of its FileTree strategies.
const (
	maxFileName = 255
	maxPath     = 4096
)

// FileTreeV1Key returns the reference's FileTreeV1KeySanitizationStrategy for a
// store in the given directory, as on Linux: letters, digits and `_`, 250
// characters, or fewer in a directory whose own path is almost too long. Long
// names collide, see [Hybrid]. A path that leaves no room for a name gives an
// error that matches core.ErrInvalidOptions.
func FileTreeV1Key(directory string) (Strategy, error) {
	room := maxPath - utf8.RuneCountInString(directory)
	hybrid, err := NewHybrid(HybridOptions{
		// At least 1: zero would mean the default.
		MaxLength: max(1, min(room, maxFileName-len(".json"))),
		Allowed:   alphanumeric + "_",
	})
	if err != nil {
		return nil, err
	}
	return hybrid, nil
}

// FileTreeV1Collection returns the reference's
// FileTreeV1CollectionSanitizationStrategy, as on Linux: letters, digits and
// `_`, 245 characters. Long names collide, see [Hybrid].
func FileTreeV1Collection() Strategy {
	return Hybrid{HybridOptions{MaxLength: maxFileName - len("-info.json"), Allowed: alphanumeric + "_"}}
}

// WindowsRegistryV1Collection returns the reference's
// WindowsRegistryV1CollectionSanitizationStrategy: letters and digits, 96
// characters. Long names collide, see [Hybrid].
func WindowsRegistryV1Collection() Strategy {
	return Hybrid{HybridOptions{MaxLength: 96, Allowed: alphanumeric}}
}
