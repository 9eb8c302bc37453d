// The peer that benchmarks compare with: the Go stargz snapshotter library behind the gRPC
// snapshots service, with nothing around it that the published daemon does not do by default.
// The daemon's own module is not on every module proxy, its library is; hence this thin main.
package main

import (
	"context"
	"flag"
	"log"
	"net"
	"os"
	"os/signal"
	"syscall"

	snapshotsapi "github.com/containerd/containerd/api/services/snapshots/v1"
	"github.com/containerd/containerd/v2/contrib/snapshotservice"
	"github.com/containerd/stargz-snapshotter/service"
	"github.com/containerd/stargz-snapshotter/service/keychain/dockerconfig"
	"github.com/containerd/stargz-snapshotter/service/resolver"
	toml "github.com/pelletier/go-toml/v2"
	"google.golang.org/grpc"
)

func main() {
	address := flag.String("address", "", "unix socket to listen on")
	root := flag.String("root", "", "folder of snapshots and caches")
	configPath := flag.String("config", "", "TOML file with the snapshotter's own keys")
	flag.Parse()
	if *address == "" || *root == "" {
		log.Fatal("--address and --root are needed")
	}
	if err := run(*address, *root, *configPath); err != nil {
		log.Fatal(err)
	}
}

func run(address, root, configPath string) error {
	ctx, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer cancel()
	config := service.Config{}
	if configPath != "" {
		text, err := os.ReadFile(configPath)
		if err != nil {
			return err
		}
		if err := toml.Unmarshal(text, &config); err != nil {
			return err
		}
	}
	credentials := []resolver.Credential{dockerconfig.NewDockerconfigKeychain(ctx)}
	snapshotter, err := service.NewStargzSnapshotterService(ctx, root, &config, service.WithCredsFuncs(credentials...))
	if err != nil {
		return err
	}
	defer snapshotter.Close()

	// A socket that an earlier process left behind would refuse the bind.
	if err := os.Remove(address); err != nil && !os.IsNotExist(err) {
		return err
	}
	listener, err := net.Listen("unix", address)
	if err != nil {
		return err
	}
	server := grpc.NewServer()
	snapshotsapi.RegisterSnapshotsServer(server, snapshotservice.FromSnapshotter(snapshotter))
	go func() {
		<-ctx.Done()
		server.Stop()
	}()
	return server.Serve(listener)
}
