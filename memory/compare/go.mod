module github.com/go-keyvalue/keyvalue/memory/compare

go 1.25.0

require (
	github.com/go-keyvalue/keyvalue/core v0.1.0
	github.com/go-keyvalue/keyvalue/memory v0.1.0
	github.com/jellydator/ttlcache/v3 v3.4.1
	github.com/maypok86/otter/v2 v2.4.0
)

require golang.org/x/sync v0.16.0 // indirect

replace (
	github.com/go-keyvalue/keyvalue/core => ../../core
	github.com/go-keyvalue/keyvalue/memory => ..
)
