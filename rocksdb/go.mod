module github.com/go-keyvalue/keyvalue/rocksdb

go 1.25.0

require github.com/go-keyvalue/keyvalue/core v0.1.0

replace github.com/go-keyvalue/keyvalue/core => ../core
