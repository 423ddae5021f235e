module github.com/go-keyvalue/keyvalue/core

go 1.25.0
