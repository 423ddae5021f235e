package servers

import (
	"context"
	"fmt"
	"strconv"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// MongoDB is a server that speaks MongoDB's protocol. The program is the one that
// .ci/servers makes, or one like it, which takes a port and the directory of its
// files: mongod itself takes other arguments.
var MongoDB = &Kind{
	Name:    "mongodb",
	program: "mongodb-server", environment: "MONGODB_SERVER", arguments: mongodbArguments,
	image: "mongo:8", port: "27017/tcp",
	url:     func(address string) string { return "mongodb://" + address + "/" },
	version: mongodbVersion,
}

// mongodbArguments are those of the program that .ci/servers makes.
func mongodbArguments(port int, dir string) []string { return []string{strconv.Itoa(port), dir} }

func mongodbVersion(ctx context.Context, address string) (string, error) {
	client, err := mongo.Connect(options.Client().ApplyURI("mongodb://" + address + "/?directConnection=true"))
	if err != nil {
		return "", err
	}
	defer func() { _ = client.Disconnect(context.WithoutCancel(ctx)) }()
	var info struct {
		Version  string `bson:"version"`
		FerretDB struct {
			Version string `bson:"version"`
		} `bson:"ferretdb"`
	}
	if err := client.Database("admin").RunCommand(ctx, bson.D{{Key: "buildInfo", Value: 1}}).Decode(&info); err != nil {
		return "", err
	}
	if info.FerretDB.Version != "" {
		return fmt.Sprintf("FerretDB %s as MongoDB %s", info.FerretDB.Version, info.Version), nil
	}
	return "MongoDB " + info.Version, nil
}
