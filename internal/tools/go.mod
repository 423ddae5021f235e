module github.com/go-keyvalue/keyvalue/internal/tools

go 1.25.0
