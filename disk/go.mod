module github.com/go-keyvalue/keyvalue/disk

go 1.25.0

require (
	github.com/go-keyvalue/keyvalue/core v0.1.0
	github.com/peterbourgon/diskv/v3 v3.0.1
)

require github.com/google/btree v1.0.0 // indirect

replace github.com/go-keyvalue/keyvalue/core => ../core
