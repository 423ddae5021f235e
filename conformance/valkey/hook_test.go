package valkey_test

import (
	"context"

	driver "github.com/valkey-io/valkey-go"
)

// before is a client around another, that does something before a command is
// sent whose name is the given one.
type before struct {
	driver.Client
	command string
	do      func()
}

func (b before) Do(ctx context.Context, cmd driver.Completed) driver.ValkeyResult {
	b.look(cmd)
	return b.Client.Do(ctx, cmd)
}

func (b before) DoMulti(ctx context.Context, cmds ...driver.Completed) []driver.ValkeyResult {
	b.look(cmds[0])
	return b.Client.DoMulti(ctx, cmds...)
}

func (b before) Dedicated(use func(driver.DedicatedClient) error) error {
	return b.Client.Dedicated(func(tx driver.DedicatedClient) error { return use(beforeInTransaction{tx, b}) })
}

func (b before) look(cmd driver.Completed) {
	if cmd.Commands()[0] == b.command {
		b.do()
	}
}

type beforeInTransaction struct {
	driver.DedicatedClient
	before before
}

func (b beforeInTransaction) Do(ctx context.Context, cmd driver.Completed) driver.ValkeyResult {
	b.before.look(cmd)
	return b.DedicatedClient.Do(ctx, cmd)
}

func (b beforeInTransaction) DoMulti(ctx context.Context, cmds ...driver.Completed) []driver.ValkeyResult {
	b.before.look(cmds[0])
	return b.DedicatedClient.DoMulti(ctx, cmds...)
}
